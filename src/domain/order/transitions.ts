import type { OrderEventType, OrderStage, Role } from '@minqing-hub/client-sdk/protocol';
import { ranOut, windowOpen } from './guards/clocks.js';
import { askedInItsBasis, beforeDue, earlierDue, extensionLeft, extraWithinLimit } from './guards/extension.js';
import { contactTime, handlerInside } from './guards/handling.js';
import { notHeldElsewhere } from './guards/held.js';
import {
  answerHasGround,
  citedArticleExists,
  codesStandInLists,
  minimumFields,
  notAPrimary,
  primaryLives,
  reasonAndOtherChannel,
  sameMatter,
} from './guards/intake.js';
import { firstOfUnit, notBarred } from './guards/objection.js';
import {
  anotherAsked,
  anotherProposed,
  endorsedByAnother,
  noRequestPending,
  nothingProposed,
  notYetEndorsed,
  requestPending,
} from './guards/second-person.js';
import {
  contactDone,
  suspendedLongEnough,
  suspensionLeft,
  untilInReach,
  untilStillAhead,
} from './guards/suspension.js';
import {
  assistsTakeWork,
  confidentWhenAutomatic,
  nextUnitTakesWork,
  notVisited,
  ownSubUnit,
  proposedUnitTakesWork,
  someoneToLead,
  targetTakesWork,
  upperUnit,
  upperUnitStillTakesWork,
} from './guards/units.js';
import type { OrderCommandName } from './order-command.js';
import { unitRequestOf } from './order.js';
import { unitActedFor } from './permission.js';
import type { Guard, Situation } from './situation.js';
import { ACTIVE } from './stages.js';

/** One row of the rule book. */
export interface Transition<N extends OrderCommandName = OrderCommandName> {
  clause: string;
  command: N;
  /** `null`: the order does not exist yet. */
  from: readonly (OrderStage | null)[];
  /** `↺`: the state stays. */
  to: OrderStage | '↺';
  who: readonly Role[];
  event: OrderEventType;
  /** All must agree, in this order. */
  guards: readonly Guard<N>[];
  /** Of two rows for one command and state the first whose `when` holds counts. */
  when?: (situation: Situation<N>) => boolean;
}
type AnyTransition = { [N in OrderCommandName]: Transition<N> }[OrderCommandName];

const row = <N extends OrderCommandName>(
  clause: string,
  command: N,
  from: Transition['from'],
  to: Transition['to'],
  who: readonly Role[],
  event: OrderEventType,
  guards: readonly Guard<N>[],
  when?: Transition<N>['when'],
): AnyTransition => ({ clause, command, from, to, who, event, guards, ...(when ? { when } : {}) }) as AnyTransition;

/** Not while the units' quarrel is open: the ruling speaks about the unit that has it. */
const HELD = ['pending_ack', 'handling', 'suspended', 'pending_review', 'pending_evaluation'] as const;
const CONTACTABLE = ['pending_ack', 'under_arbitration', 'handling', 'suspended'] as const;

const speaksForItself = ({ actor, policy }: Situation<'object'>): boolean =>
  actor.roles.includes('deputy_leader') || policy.objectionConfirmation === 'none';
/** Of somebody who could say no to both the one counts that was made. */
const declinesEscalation = ({ order, actor }: Situation<'declineProposal'>): boolean =>
  order.proposal?.awaits === 'escalation' && actor.roles.includes('dispatcher');
/** [T17] [T18] Its own leader has the first word on what a unit asks for; the same person has not the second one too. */
const endorses = ({ order, actor, units }: Situation): boolean =>
  unitRequestOf(order)?.endorsedBy === null &&
  actor.roles.includes('deputy_leader') &&
  unitActedFor(order, actor, units) === 'lead';
const approves = (situation: Situation): boolean => !endorses(situation);
const asksForTime = ({ order }: Situation): boolean => unitRequestOf(order) !== undefined;
const reached = ({ command }: Situation<'recordContact'>): boolean => command.outcome === 'reached';
const byLead = ({ order, actor, units }: Situation<'recordContact'>): boolean =>
  unitActedFor(order, actor, units) === 'lead';

/**
 * The order's state machine (docs/rules.md, Orders), a row per transition. A command that has no row for an order's
 * state is not allowed in it; which orders a role reaches at all is `permission.ts`; what an event does is `evolve.ts`.
 */
// prettier-ignore
export const TRANSITIONS: readonly AnyTransition[] = [
  //   clause command             from                                           to                   who                                       event                        guards
  row('T1',  'register',          [null],                                        'registered',        ['agent', 'shift_leader', 'channel_adapter', 'grid_worker', 'village_worker'], 'order.registered', []),
  row('T2',  'answerDirectly',    ['registered'],                                'answered',          ['agent', 'village_worker', 'system'],    'order.answered',            [notHeldElsewhere, answerHasGround, citedArticleExists]),
  row('T3',  'refuse',            ['registered'],                                '↺',                 ['agent', 'shift_leader'],                'order.refusal_proposed',    [notHeldElsewhere, nothingProposed, reasonAndOtherChannel]),
  row('T3',  'confirmRefusal',    ['registered'],                                'refused',           ['shift_leader'],                         'order.refused',             [anotherProposed('refusal')]),
  row('T3',  'declineProposal',   ['registered'],                                '↺',                 ['shift_leader'],                         'order.proposal_declined',   [anotherProposed('refusal')]),
  row('T4',  'accept',            ['registered'],                                'pending_dispatch',  ['agent', 'system'],                      'order.accepted',            [notHeldElsewhere, codesStandInLists, minimumFields]),
  row('T5',  'merge',             ['registered', 'pending_dispatch', 'pending_ack'], 'merged',        ['dispatcher'],                           'order.merged',              [notHeldElsewhere, primaryLives, sameMatter, notAPrimary]),
  row('T5',  'receiveMerge',      ACTIVE,                                        '↺',                 ['dispatcher'],                           'order.merge_received',      []),

  row('T6',  'dispatch',          ['pending_dispatch'],                          'pending_ack',       ['dispatcher', 'arbiter', 'system'],      'order.dispatched',          [notHeldElsewhere, targetTakesWork, notVisited, assistsTakeWork, confidentWhenAutomatic]),
  row('DI1', 'deferDispatch',     ['pending_dispatch'],                          '↺',                 ['system'],                               'order.dispatch_deferred',   []),
  row('T8',  'acknowledge',       ['pending_ack'],                               'handling',          ['unit_clerk'],                           'order.acknowledged',        []),

  row('T9',  'object',            ['pending_ack'],                               'under_arbitration', ['unit_clerk', 'deputy_leader'],          'order.objected',            [windowOpen, notBarred, firstOfUnit, proposedUnitTakesWork], speaksForItself),
  row('T9',  'object',            ['pending_ack'],                               '↺',                 ['unit_clerk'],                           'order.objection_proposed',  [nothingProposed, windowOpen, notBarred, firstOfUnit, proposedUnitTakesWork]),
  row('T9',  'confirmObjection',  ['pending_ack'],                               'under_arbitration', ['deputy_leader'],                        'order.objected',            [anotherProposed('objection'), windowOpen]),
  row('T9',  'declineProposal',   ['pending_ack'],                               '↺',                 ['deputy_leader'],                        'order.proposal_declined',   [anotherProposed('objection')], (s) => !declinesEscalation(s)),
  row('T10', 'upholdObjection',   ['under_arbitration'],                         'pending_dispatch',  ['arbiter'],                              'order.objection_upheld',    [notHeldElsewhere, nextUnitTakesWork]),
  row('T11', 'overruleObjection', ['under_arbitration'],                         'handling',          ['arbiter'],                              'order.force_assigned',      [notHeldElsewhere]),
  row('T12', 'assignFirstReceiver', ['under_arbitration'],                       'handling',          ['arbiter'],                              'order.force_assigned',      [notHeldElsewhere, someoneToLead]),
  row('T12', 'assignFirstReceiver', ['under_arbitration'],                       'handling',          ['system'],                               'order.force_assigned',      [ranOut('ARBITRATION', 'T12'), someoneToLead]),
  row('T13', 'autoAcknowledge',   ['pending_ack'],                               'handling',          ['system'],                               'order.auto_acknowledged',   [ranOut('ACK', 'T13')]),

  row('T14', 'recordContact',     ['pending_ack'],                               'handling',          ['handler', 'unit_clerk'],                'order.contacted',           [contactTime], (s) => byLead(s) && reached(s)),
  row('T14', 'recordContact',     ['pending_ack'],                               'handling',          ['handler', 'unit_clerk'],                'order.contact_failed',      [contactTime], byLead),
  row('T14', 'recordContact',     CONTACTABLE,                                   '↺',                 ['handler', 'unit_clerk'],                'order.contacted',           [contactTime], reached),
  row('T14', 'recordContact',     CONTACTABLE,                                   '↺',                 ['handler', 'unit_clerk'],                'order.contact_failed',      [contactTime]),
  row('T15', 'addProgress',       ['handling'],                                  '↺',                 ['handler', 'unit_clerk'],                'order.progressed',          []),
  row('T16', 'assignHandler',     ['handling'],                                  '↺',                 ['unit_clerk'],                           'order.handler_changed',     [handlerInside]),

  row('T17', 'requestExtension',  ['handling'],                                  '↺',                 ['handler', 'unit_clerk'],                'order.extension_requested', [nothingProposed, beforeDue('T17'), extensionLeft, extraWithinLimit]),
  row('T17', 'approveExtension',  ['handling'],                                  '↺',                 ['dispatcher'],                           'order.extended',            [anotherProposed('extension'), endorsedByAnother, notHeldElsewhere, beforeDue('T17'), askedInItsBasis], approves),
  row('T17', 'approveExtension',  ['handling'],                                  '↺',                 ['deputy_leader'],                        'order.extension_endorsed',  [anotherProposed('extension'), notYetEndorsed, beforeDue('T17'), askedInItsBasis]),
  row('T17', 'declineProposal',   ['handling'],                                  '↺',                 ['dispatcher'],                           'order.proposal_declined',   [anotherAsked, endorsedByAnother, notHeldElsewhere], (s) => asksForTime(s) && approves(s)),
  row('T17', 'declineProposal',   ['handling'],                                  '↺',                 ['deputy_leader'],                        'order.proposal_declined',   [anotherAsked, notYetEndorsed], asksForTime),
  row('T18', 'requestSuspension', ['handling'],                                  '↺',                 ['handler', 'unit_clerk'],                'order.suspension_requested', [nothingProposed, beforeDue('T18'), contactDone, suspensionLeft, untilInReach]),
  row('T18', 'approveSuspension', ['handling'],                                  'suspended',         ['dispatcher'],                           'order.suspended',           [anotherProposed('suspension'), endorsedByAnother, notHeldElsewhere, beforeDue('T18'), untilStillAhead], approves),
  row('T18', 'approveSuspension', ['handling'],                                  '↺',                 ['deputy_leader'],                        'order.suspension_endorsed', [anotherProposed('suspension'), notYetEndorsed, beforeDue('T18'), untilStillAhead]),
  row('EX3', 'lapseRequest',      ['handling'],                                  '↺',                 ['system'],                               'order.proposal_declined',   [requestPending('EX3'), ranOut('HANDLING', 'EX3')]),
  row('EX6', 'cancelRequest',     ['handling'],                                  '↺',                 ['handler', 'unit_clerk'],                'order.request_cancelled',   [requestPending('EX6')]),
  row('T19', 'resume',            ['suspended'],                                 'handling',          ['unit_clerk', 'handler'],                'order.resumed',             []),
  row('T19', 'resume',            ['suspended'],                                 'handling',          ['system'],                               'order.resumed',             [suspendedLongEnough]),
  row('EX4', 'promiseDue',        ['handling'],                                  '↺',                 ['handler', 'unit_clerk'],                'order.due_promised',        [beforeDue('EX4'), earlierDue]),

  row('T33', 'escalateLevel',     HELD,                                          '↺',                 ['unit_clerk'],                           'order.escalation_proposed', [nothingProposed, upperUnit]),
  row('T33', 'confirmEscalation', HELD,                                          '↺',                 ['dispatcher'],                           'order.level_escalated',     [anotherProposed('escalation'), notHeldElsewhere, upperUnitStillTakesWork]),
  row('T33', 'declineProposal',   HELD,                                          '↺',                 ['dispatcher'],                           'order.proposal_declined',   [anotherProposed('escalation'), notHeldElsewhere]),
  row('T34', 'urge',              ACTIVE,                                        '↺',                 ['dispatcher', 'shift_leader'],           'order.urged',               []),
  row('T34', 'openSupervision',   ACTIVE,                                        '↺',                 ['supervisor', 'petition_officer'],       'supervision.opened',        []),
  row('T35', 'redispatchDown',    HELD,                                          '↺',                 ['unit_clerk'],                           'order.dispatched',          [noRequestPending, ownSubUnit, notVisited]),
  row('T36', 'ask',               ACTIVE,                                        '↺',                 ['agent', 'follow_up_agent'],             'order.citizen_asked',       []),
  row('T36', 'reply',             ACTIVE,                                        '↺',                 ['handler', 'unit_clerk'],                'order.citizen_replied',     []),
];

export const rowsOf = <N extends OrderCommandName>(command: N): readonly Transition<N>[] =>
  TRANSITIONS.filter((row) => row.command === command) as unknown as Transition<N>[];

/** Who may issue the command at all; on which orders is asked later. */
export const rolesFor = (command: OrderCommandName): readonly Role[] => [
  ...new Set(rowsOf(command).flatMap(({ who }) => who)),
];
