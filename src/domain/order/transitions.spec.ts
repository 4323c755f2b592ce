import { rolesFor, TRANSITIONS } from './transitions.js';

/** As the rule book has them (docs/rules.md), so that a change of the table is a change of two places. */
const RULE_BOOK = [
  'T1  – → registered: order.registered',
  'T2  registered → answered: order.answered',
  'T3  registered ↺: order.refusal_proposed',
  'T3  registered → refused: order.refused',
  'T3  registered ↺: order.proposal_declined',
  'T4  registered → pending_dispatch: order.accepted',
  'T5  registered, pending_dispatch, pending_ack → merged: order.merged',
  'T5  any active ↺: order.merge_received',
  'T6  pending_dispatch → pending_ack: order.dispatched',
  'DI1 pending_dispatch ↺: order.dispatch_deferred',
  'T8  pending_ack → handling: order.acknowledged',
  'T9  pending_ack → under_arbitration: order.objected',
  'T9  pending_ack ↺: order.objection_proposed',
  'T9  pending_ack ↺: order.proposal_declined',
  'T10 under_arbitration → pending_dispatch: order.objection_upheld',
  'T11 under_arbitration → handling: order.force_assigned',
  'T12 under_arbitration → handling: order.force_assigned',
  'T13 pending_ack → handling: order.auto_acknowledged',
  'T14 pending_ack → handling: order.contacted',
  'T14 pending_ack → handling: order.contact_failed',
  'T14 pending_ack, under_arbitration, handling, suspended ↺: order.contacted',
  'T14 pending_ack, under_arbitration, handling, suspended ↺: order.contact_failed',
  'T15 handling ↺: order.progressed',
  'T16 handling ↺: order.handler_changed',
  'T17 handling ↺: order.extension_requested',
  'T17 handling ↺: order.extended',
  'T17 handling ↺: order.extension_endorsed',
  'T17 handling ↺: order.proposal_declined',
  'T18 handling ↺: order.suspension_requested',
  'T18 handling → suspended: order.suspended',
  'T18 handling ↺: order.suspension_endorsed',
  'EX3 handling ↺: order.proposal_declined',
  'EX6 handling ↺: order.request_cancelled',
  'T19 suspended → handling: order.resumed',
  'EX4 handling ↺: order.due_promised',
  'T33 pending_ack, handling, suspended, pending_review, pending_evaluation ↺: order.escalation_proposed',
  'T33 pending_ack, handling, suspended, pending_review, pending_evaluation ↺: order.level_escalated',
  'T33 pending_ack, handling, suspended, pending_review, pending_evaluation ↺: order.proposal_declined',
  'T34 any active ↺: order.urged',
  'T34 any active ↺: supervision.opened',
  'T35 pending_ack, handling, suspended, pending_review, pending_evaluation ↺: order.dispatched',
  'T36 any active ↺: order.citizen_asked',
  'T36 any active ↺: order.citizen_replied',
];

const ACTIVE =
  'registered, pending_dispatch, pending_ack, under_arbitration, handling, suspended, pending_review, pending_evaluation';

describe('the table of transitions', () => {
  it('[T1] [T2] [T3] [T4] [T5] [T6] [T8] [T9] [T10] [T11] [T12] [T13] [T14] [T15] [T16] [T17] [T18] [T19] [T33] [T34] [T35] [T36] [DI1] [EX3] [EX4] [EX6] is that of the rule book', () => {
    const rows = TRANSITIONS.map(({ clause, from, to, event }) => {
      const states = from.map((state) => state ?? '–').join(', ');
      return `${clause.padEnd(3)} ${states === ACTIVE ? 'any active' : states} ${to === '↺' ? to : `→ ${to}`}: ${event}`;
    });
    expect([...new Set(rows)]).toEqual(RULE_BOOK);
  });

  it('says who may issue what', () => {
    const who = Object.fromEntries(TRANSITIONS.map(({ command }) => [command, rolesFor(command).join(' ')]));
    expect(who).toEqual({
      register: 'agent shift_leader channel_adapter grid_worker village_worker',
      answerDirectly: 'agent village_worker system',
      refuse: 'agent shift_leader',
      confirmRefusal: 'shift_leader',
      declineProposal: 'shift_leader deputy_leader dispatcher',
      accept: 'agent system',
      merge: 'dispatcher',
      receiveMerge: 'dispatcher',
      dispatch: 'dispatcher arbiter system',
      deferDispatch: 'system',
      acknowledge: 'unit_clerk',
      object: 'unit_clerk deputy_leader',
      confirmObjection: 'deputy_leader',
      upholdObjection: 'arbiter',
      overruleObjection: 'arbiter',
      assignFirstReceiver: 'arbiter system',
      recordContact: 'handler unit_clerk',
      addProgress: 'handler unit_clerk',
      assignHandler: 'unit_clerk',
      autoAcknowledge: 'system',
      requestExtension: 'handler unit_clerk',
      approveExtension: 'dispatcher deputy_leader',
      requestSuspension: 'handler unit_clerk',
      approveSuspension: 'dispatcher deputy_leader',
      lapseRequest: 'system',
      cancelRequest: 'handler unit_clerk',
      resume: 'unit_clerk handler system',
      promiseDue: 'handler unit_clerk',
      escalateLevel: 'unit_clerk',
      confirmEscalation: 'dispatcher',
      urge: 'dispatcher shift_leader',
      openSupervision: 'supervisor petition_officer',
      redispatchDown: 'unit_clerk',
      ask: 'agent follow_up_agent',
      reply: 'handler unit_clerk',
    });
  });

  it('gives no transition to a supervisor but to take an eye on an order', () => {
    const changed = TRANSITIONS.filter(({ who }) => who.includes('supervisor')).map(({ command }) => command);
    expect(changed).toEqual(['openSupervision']);
  });
});
