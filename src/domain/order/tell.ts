import type { DispatchSuggestion, OrderEventType } from '@minqing-hub/client-sdk/protocol';
import type { Deadline } from '../clock/deadline.js';
import { countsAsAttempt, isUnreachable } from '../clock/unreachable.js';
import { afterAcceptance } from './acceptance.js';
import { dispatchDueAt } from './dispatch-due.js';
import { extraInBasis } from './extra-in-basis.js';
import { openClock } from '../clock/deadline.js';
import type { OrderCommand } from './order-command.js';
import type { OrderEventFacts, Registration } from './order-event.js';
import {
  answerable,
  type Assignment,
  type DispatchMode,
  type FailedContact,
  leadOf,
  type Order,
  type Proposal,
  type Supervision,
  unitRequestOf,
} from './order.js';
import { unitActedFor } from './permission.js';
import { saysAgain } from './says-again.js';
import type { Situation } from './situation.js';

/** An event type with its facts. */
export type Told = { [T in OrderEventType]: { type: T; facts: OrderEventFacts[T] } }[OrderEventType];

const told = <T extends OrderEventType>(type: T, facts: OrderEventFacts[T]): Told => ({ type, facts }) as Told;

/** What there is to tell of a registration. */
export function tellRegistration({ name: _name, orderNo: _orderNo, ...facts }: OrderCommand<'register'>): Told {
  return told('order.registered', facts satisfies Registration);
}

/** What there is to tell of a command that the rule book allows; `type` as its row says. */
export function tell(type: OrderEventType, situation: Situation): Told {
  const { order, command, listVersions } = situation;
  switch (command.name) {
    case 'register':
      return tellRegistration(command);
    case 'answerDirectly':
      return told('order.answered', {
        ground: command.solvedOnTheSpot ? 'on_the_spot' : 'knowledge',
        ...citation(command),
      });
    case 'refuse':
      return told('order.refusal_proposed', { reasonCode: command.reasonCode });
    case 'confirmRefusal': {
      const { reasonCode, by } = proposed(order, 'refusal');
      return told('order.refused', { reasonCode, proposedBy: by });
    }
    case 'accept':
      return acceptance(situation, command);
    case 'merge':
      return told('order.merged', {
        primaryOrderNo: command.primaryOrderNo,
        ...(saysAgain(order, command) && { saidAgain: true }),
      });
    case 'receiveMerge':
      return told('order.merge_received', {
        mergedOrderNo: command.mergedOrderNo,
        ...(command.saidAgain && { saidAgain: true }),
      });
    case 'dispatch':
      return dispatch(situation, command);
    case 'deferDispatch':
      return told('order.dispatch_deferred', {
        cause: command.cause,
        catalogCode: order.catalogCode,
        areaCode: order.areaCode,
        suggestion: command.suggestion,
        listVersions,
      });
    case 'acknowledge':
      return told('order.acknowledged', { unitId: lead(order).unitId });
    case 'autoAcknowledge':
      return told('order.auto_acknowledged', { unitId: lead(order).unitId });
    case 'object': {
      const facts = {
        unitId: lead(order).unitId,
        proposedUnitId: command.proposedUnitId,
        reasonCode: command.reasonCode,
      };
      return type === 'order.objected'
        ? told('order.objected', { ...facts, raisedBy: situation.actor.userId })
        : told('order.objection_proposed', facts);
    }
    case 'confirmObjection': {
      const { unitId, proposedUnitId, reasonCode, by } = proposed(order, 'objection');
      return told('order.objected', { unitId, proposedUnitId, reasonCode, raisedBy: by });
    }
    case 'upholdObjection':
      return told('order.objection_upheld', {
        unitId: lead(order).unitId,
        nextUnitId: command.nextUnitId ?? null,
        catalogCode: order.catalogCode,
        areaCode: order.areaCode,
        dispatchDueAt: dueAt(situation, order),
      });
    case 'overruleObjection':
      return told('order.force_assigned', { unitId: lead(order).unitId, basis: 'overruled', listVersions });
    case 'assignFirstReceiver': {
      const { basis, fallbackUnitId } = command;
      const unitId = (basis === 'fallback' ? fallbackUnitId : order.firstReceiverUnitId)!;
      return told('order.force_assigned', { unitId, basis, listVersions });
    }
    case 'recordContact':
      return contact(situation, command);
    case 'addProgress':
      return told('order.progressed', { public: command.public ?? false });
    case 'assignHandler':
      return told('order.handler_changed', { handlerId: command.handlerId });
    case 'escalateLevel':
      return told('order.escalation_proposed', { unitId: lead(order).unitId, toUnitId: command.toUnitId });
    case 'confirmEscalation': {
      const { unitId, toUnitId } = proposed(order, 'escalation');
      return told('order.level_escalated', { unitId, toUnitId, listVersions });
    }
    case 'promiseDue':
      return told('order.due_promised', { unitId: lead(order).unitId, dueAt: command.dueAt });
    case 'requestExtension': {
      const { basis } = handlingClock(situation);
      const extra = extraInBasis(command.extra, basis);
      return told('order.extension_requested', { unitId: lead(order).unitId, extra, basis });
    }
    case 'approveExtension': {
      if (type === 'order.extension_endorsed') return told('order.extension_endorsed', {});
      const { unitId, extra, by, endorsedBy } = proposed(order, 'extension');
      return told('order.extended', { unitId, extra, requestedBy: by, endorsedBy: endorsedBy! });
    }
    case 'requestSuspension': {
      const { reasonCode, until } = command;
      return told('order.suspension_requested', { unitId: lead(order).unitId, reasonCode, until });
    }
    case 'approveSuspension': {
      if (type === 'order.suspension_endorsed') return told('order.suspension_endorsed', {});
      const { unitId, reasonCode, until, by, endorsedBy } = proposed(order, 'suspension');
      return told('order.suspended', { unitId, reasonCode, until, requestedBy: by, endorsedBy: endorsedBy! });
    }
    case 'resume':
      return told('order.resumed', { byClock: situation.actor.roles.includes('system') });
    case 'lapseRequest':
    case 'declineProposal': {
      const { awaits: what, by } = order.proposal!;
      return told('order.proposal_declined', { what, proposedBy: by });
    }
    case 'cancelRequest': {
      const { awaits: what, by } = unitRequestOf(order)!;
      return told('order.request_cancelled', { what, requestedBy: by });
    }
    case 'redispatchDown':
      return told('order.dispatched', {
        unitId: command.unitId,
        assistUnitIds: [],
        mode: 'down',
        round: order.dispatchRound,
        decision: null,
        listVersions,
      });
    case 'ask':
      return told('order.citizen_asked', {});
    case 'reply':
      return told('order.citizen_replied', {});
    case 'urge':
      return told('order.urged', { supervision: heavier(order.supervision, 'urged') });
    case 'openSupervision':
      return told('supervision.opened', {
        kind: command.kind,
        supervision: heavier(order.supervision, command.kind),
      });
  }
}

/** [KB5] An article is cited at the version that was meant; another code stands as it was given. */
function citation({ article, knowledgeRef }: OrderCommand<'answerDirectly'>) {
  if (!article) return { knowledgeRef: knowledgeRef ?? null };
  return { knowledgeRef: `${article.articleId}@${article.version}`, article };
}

function acceptance(situation: Situation, command: OrderCommand<'accept'>): Told {
  const accepted = afterAcceptance(situation.order, command);
  return told('order.accepted', {
    ...accepted,
    // [T4] minimumFields has seen to it.
    kind: accepted.kind!,
    dispatchDueAt: dueAt(situation, accepted),
  });
}

function dispatch({ order, actor, listVersions }: Situation, command: OrderCommand<'dispatch'>): Told {
  return told('order.dispatched', {
    unitId: command.unitId,
    assistUnitIds: command.assistUnitIds ?? [],
    mode: dispatchMode(order, command.unitId, actor.roles.includes('system')),
    round: order.dispatchRound,
    decision: followed(command),
    listVersions,
  });
}

function dispatchMode(order: Order, unitId: string, bySystem: boolean): DispatchMode {
  if (order.suggestedUnitId === unitId) return 'ruling';
  return bySystem ? 'auto' : 'manual';
}

/** The duty list decided, or the dispatcher chose what it says. */
function followed({ suggestion, unitId }: OrderCommand<'dispatch'>): DispatchSuggestion | null {
  return suggestion?.unitId === unitId ? suggestion : null;
}

function contact(situation: Situation, command: OrderCommand<'recordContact'>): Told {
  const { order, actor, units, now } = situation;
  const asLead = unitActedFor(order, actor, units) === 'lead';
  const facts = {
    unitId: asLead ? lead(order).unitId : order.firstReceiverUnitId!,
    channel: command.channel,
    // [T14] Who speaks with the citizen has taken the matter on.
    acknowledged: asLead && order.state === 'pending_ack',
    recordedAt: now,
  };
  const awaited = asLead && answerable(order)?.contactMetAt === undefined;
  if (command.outcome === 'reached') return told('order.contacted', { ...facts, ...(awaited && { meets: true }) });
  const failed = { ...facts, outcome: command.outcome };
  if (!asLead || !isAttempt(situation, command)) return told('order.contact_failed', failed);
  const unreachable = awaited && isUnreachable([...attempts(order), command], situation.policy.unreachable);
  return told('order.contact_failed', {
    ...failed,
    counted: true,
    ...(unreachable && { unreachable: true, meets: true }),
  });
}

/** [A19] */
const isAttempt = ({ order, policy }: Situation, { at }: OrderCommand<'recordContact'>): boolean =>
  countsAsAttempt(at, order.grade === 'urgent' || order.responseLevel === 'critical', policy.unreachable);

/** [A4] Those of the unit that is answerable now. */
const attempts = (order: Order): FailedContact[] =>
  (order.failedContacts ?? []).filter(({ at }) => at >= (answerable(order)?.at ?? 0));

const dueAt = ({ now, policy }: Situation, matter: Pick<Order, 'grade' | 'responseLevel'>): number =>
  dispatchDueAt(now, matter, policy.dispatchLimitMs);

/** There is one in every state in which a unit acts. */
const lead = (order: Order): Assignment => leadOf(order)!;

/** The guard `beforeDue` has seen it. */
const handlingClock = (situation: Situation): Deadline => openClock(situation, 'HANDLING')!;

/** The guard `anotherProposed` has seen it. */
const proposed = <K extends Proposal['awaits']>(order: Order, _awaits: K) =>
  order.proposal as Extract<Proposal, { awaits: K }>;

const WEIGHT: readonly Supervision[] = ['none', 'urged', 'routine', 'special', 'dual'];

/** [T34] Supervision grows; a reminder does not make a case lighter. */
const heavier = (a: Supervision, b: Supervision): Supervision => (WEIGHT.indexOf(a) > WEIGHT.indexOf(b) ? a : b);
