import type { Role, WhistleEventType, WhistleStage } from '@minqing-hub/client-sdk/protocol';
import {
  beyondOwnPowers,
  canBeLinked,
  gateOpen,
  hasCause,
  leadCanBeNamed,
  leadIsCalled,
  mayBlow,
  ranOutTwice,
  saysWhy,
  unitsCanCome,
} from './guards/blow.js';
import { dueWithinOrders, dutyForEachUnit, everybodyAccountedFor, leaderOfTaskForce } from './guards/plan.js';
import {
  forOwnUnit,
  mayRefuse,
  meetingRanOut,
  refusalOfAnother,
  refusalToRuleOn,
  reportInRanOut,
  stillToCome,
} from './guards/roll-call.js';
import {
  canBeWaived,
  firstWordOnBlower,
  hasEvidence,
  notStarted,
  nothingOwed,
  ownTask,
  ratesEveryone,
  saysWhatIsLacking,
  underWay,
} from './guards/tasks.js';
import type { Side } from './permission.js';
import type { Guard } from './situation.js';
import type { WhistleCommandName } from './whistle-command.js';

/** One row of the rule book. */
export interface Transition<N extends WhistleCommandName = WhistleCommandName> {
  clause: string;
  command: N;
  /** `null`: the whistle does not exist yet. */
  from: readonly (WhistleStage | null)[];
  /** `↺`: the stage stays. */
  to: WhistleStage | '↺';
  who: readonly Role[];
  as: Side;
  event: WhistleEventType;
  /** All must agree, in this order. */
  guards: readonly Guard<N>[];
}
type AnyTransition = { [N in WhistleCommandName]: Transition<N> }[WhistleCommandName];

const row = <N extends WhistleCommandName>(
  clause: string,
  command: N,
  from: Transition['from'],
  to: Transition['to'],
  who: readonly Role[],
  as: Side,
  event: WhistleEventType,
  guards: readonly Guard<N>[],
): AnyTransition => ({ clause, command, from, to, who, as, event, guards }) as AnyTransition;

const CALLED = ['blown', 'escalated'] as const;
const GOING_ON = ['blown', 'convened', 'executing', 'escalated'] as const;
const AGREED = ['convened', 'executing'] as const;

const BLOWERS = ['street_officer', 'village_worker', 'shift_leader', 'dispatcher'] as const;
/** Who acts for a unit that leads or has been called. */
const OF_UNIT = ['unit_clerk', 'handler', 'deputy_leader', 'principal_leader'] as const;
const LEADS = [...OF_UNIT, 'street_officer', 'district_leader'] as const;

/** The whistle's state machine (docs/rules.md, Whistles), a row per transition; what an event does is `evolve.ts`. */
// prettier-ignore
export const TRANSITIONS: readonly AnyTransition[] = [
  //   clause command                from                       to                    who                  as        event                             guards
  row('W1',  'blowWhistle',          [null],                    'blown',              BLOWERS,             'office', 'whistle.blown',                  [mayBlow, hasCause, beyondOwnPowers, unitsCanCome, leadIsCalled]),
  row('W2',  'declineWhistle',       ['blown'],                 'declined',           ['dispatcher'],      'office', 'whistle.declined',               [gateOpen]),
  row('A7',  'nameLead',             ['blown'],                 '↺',                  ['dispatcher'],      'office', 'whistle.lead_named',             [leadCanBeNamed]),
  row('T20', 'linkOrder',            GOING_ON,                  '↺',                  BLOWERS,             'blower', 'whistle.order_linked',           [canBeLinked]),

  row('W3',  'reportIn',             GOING_ON,                  '↺',                  OF_UNIT,             'member', 'whistle.reported_in',            [forOwnUnit, stillToCome]),
  row('W4',  'refuseReport',         CALLED,                    '↺',                  ['deputy_leader'],   'member', 'whistle.report_refused',         [mayRefuse]),
  row('W4',  'refuseReport',         CALLED,                    '↺',                  ['unit_clerk'],      'member', 'whistle.report_refusal_proposed', [mayRefuse]),
  row('W4',  'confirmReportRefusal', CALLED,                    '↺',                  ['deputy_leader'],   'member', 'whistle.report_refused',         [refusalOfAnother]),
  row('W4',  'ruleOnReportRefusal',  CALLED,                    '↺',                  ['arbiter'],         'office', 'whistle.report_refusal_ruled',   [refusalToRuleOn, saysWhy('W4', '请写明裁决理由')]),
  row('W5',  'markAbsent',           CALLED,                    '↺',                  ['system'],          'office', 'whistle.report_in_missed',       [reportInRanOut]),

  row('W6',  'convene',              ['blown'],                 'convened',           LEADS,               'lead',   'whistle.convened',               [everybodyAccountedFor, dutyForEachUnit, dueWithinOrders, leaderOfTaskForce]),
  row('W14', 'convene',              ['escalated'],             'convened',           ['district_leader'], 'office', 'whistle.convened',               [everybodyAccountedFor, dutyForEachUnit, dueWithinOrders, leaderOfTaskForce]),
  row('W7',  'missMeeting',          CALLED,                    '↺',                  ['system'],          'office', 'whistle.meeting_overdue',        [meetingRanOut]),

  row('W8',  'startWork',            AGREED,                    'executing',          OF_UNIT,             'member', 'whistle.task_started',           [ownTask, notStarted]),
  row('W9',  'reportTask',           ['executing'],             '↺',                  OF_UNIT,             'member', 'whistle.task_progressed',        [ownTask, underWay]),
  row('W9',  'taskDone',             ['executing'],             '↺',                  OF_UNIT,             'member', 'whistle.task_done',              [ownTask, underWay, hasEvidence]),
  row('W9',  'waiveTask',            AGREED,                    '↺',                  LEADS,               'lead',   'whistle.task_waived',            [canBeWaived, saysWhy('W9', '请写明免除理由')]),

  row('W10', 'submitForAcceptance',  AGREED,                    'pending_acceptance', LEADS,               'lead',   'whistle.submitted',              [nothingOwed]),
  row('W11', 'rejectAcceptance',     ['pending_acceptance'],    'executing',          BLOWERS,             'blower', 'whistle.rejected',               [saysWhatIsLacking]),
  row('W12', 'acceptResult',         ['pending_acceptance'],    'released',           BLOWERS,             'blower', 'whistle.released',               [ratesEveryone]),
  row('W12', 'rateBlower',           ['pending_acceptance', 'released'], '↺',         OF_UNIT,             'member', 'whistle.blower_rated',           [firstWordOnBlower]),

  row('W13', 'escalateWhistle',      ['blown', ...AGREED],      'escalated',          LEADS,               'lead',   'whistle.escalated',              [saysWhy('W13', '请写明提级理由')]),
  row('W13', 'escalateWhistle',      ['blown', ...AGREED],      'escalated',          BLOWERS,             'blower', 'whistle.escalated',              [saysWhy('W13', '请写明提级理由')]),
  row('W13', 'escalateWhistle',      ['blown', ...AGREED],      'escalated',          ['system'],          'office', 'whistle.escalated',              [ranOutTwice]),
  row('W15', 'withdrawWhistle',      ['blown'],                 'withdrawn',          BLOWERS,             'blower', 'whistle.withdrawn',              [saysWhy('W15', '请写明撤回理由')]),
];

export const rowsOf = <N extends WhistleCommandName>(command: N): Transition[] =>
  TRANSITIONS.filter((one) => one.command === command) as unknown as Transition[];

/** Who may issue the command at all; on which whistles is asked later. */
export const rolesFor = (command: WhistleCommandName): readonly Role[] => [
  ...new Set(rowsOf(command).flatMap(({ who }) => who)),
];
