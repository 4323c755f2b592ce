import { TRANSITIONS } from './transitions.js';

/** As the rule book has them (docs/rules.md), so that a change of the table is a change of two places. */
const RULE_BOOK = [
  'W1  – → blown: whistle.blown',
  'W2  blown → declined: whistle.declined',
  'A7  blown ↺: whistle.lead_named',
  'T20 blown, convened, executing, escalated ↺: whistle.order_linked',
  'W3  blown, convened, executing, escalated ↺: whistle.reported_in',
  'W4  blown, escalated ↺: whistle.report_refused',
  'W4  blown, escalated ↺: whistle.report_refusal_proposed',
  'W4  blown, escalated ↺: whistle.report_refusal_ruled',
  'W5  blown, escalated ↺: whistle.report_in_missed',
  'W6  blown → convened: whistle.convened',
  'W14 escalated → convened: whistle.convened',
  'W7  blown, escalated ↺: whistle.meeting_overdue',
  'W8  convened, executing → executing: whistle.task_started',
  'W9  executing ↺: whistle.task_progressed',
  'W9  executing ↺: whistle.task_done',
  'W9  convened, executing ↺: whistle.task_waived',
  'W10 convened, executing → pending_acceptance: whistle.submitted',
  'W11 pending_acceptance → executing: whistle.rejected',
  'W12 pending_acceptance → released: whistle.released',
  'W12 pending_acceptance, released ↺: whistle.blower_rated',
  'W13 blown, convened, executing → escalated: whistle.escalated',
  'W15 blown → withdrawn: whistle.withdrawn',
];

describe('the table of a whistle’s transitions', () => {
  it('[W1] [W2] [W3] [W4] [W5] [W6] [W7] [W8] [W9] [W10] [W11] [W12] [W13] [W14] [W15] [A7] [T20] is that of the rule book', () => {
    const rows = TRANSITIONS.map(({ clause, from, to, event }) => {
      const stages = from.map((stage) => stage ?? '–').join(', ');
      return `${clause.padEnd(3)} ${stages} ${to === '↺' ? to : `→ ${to}`}: ${event}`;
    });
    expect([...new Set(rows)]).toEqual(RULE_BOOK);
  });
});
