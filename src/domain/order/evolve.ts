import type { OrderEvent, OrderEventFacts } from './order-event.js';
import {
  answerable,
  type Assignment,
  isCurrent,
  leadOf,
  type Objection,
  type Order,
  type Proposal,
  type Suspension,
  unitRequestOf,
} from './order.js';

/** The order after an event. Folding all its events over `null` gives the stored order, byte for byte. */
export function evolve(order: Order | null, event: OrderEvent): Order {
  if (event.type === 'order.registered') return begin(event);
  if (!order) throw new Error(`${event.type} of an order that was never registered`);
  return { ...order, ...changes(order, event), version: event.version };
}

export const fold = (events: readonly OrderEvent[]): Order | null => events.reduce<Order | null>(evolve, null);

function changes(order: Order, event: Exclude<OrderEvent, OrderEvent<'order.registered'>>): Partial<Order> {
  const { at, actorId } = event;
  switch (event.type) {
    case 'order.answered':
      return { state: 'answered', proposal: null, ...(event.facts.article && { citedArticle: event.facts.article }) };
    case 'order.refusal_proposed':
      return { proposal: { awaits: 'refusal', by: actorId, at, reasonCode: event.facts.reasonCode } };
    case 'order.refused':
      return { state: 'refused', proposal: null };
    case 'order.accepted':
      return { ...event.facts, state: 'pending_dispatch', acceptedAt: at, dispatchRound: 1, proposal: null };
    case 'order.merged':
      return {
        state: 'merged',
        mergedInto: event.facts.primaryOrderNo,
        proposal: null,
        needsDispatcher: false,
        assignments: ended(order.assignments, at),
      };
    case 'order.merge_received':
      return { mergedFrom: order.mergedFrom + 1 };
    case 'order.dispatch_deferred':
      return { needsDispatcher: true };
    case 'order.dispatched':
      return event.facts.mode === 'down' ? handedOver(order, event) : dispatched(order, event);
    case 'order.acknowledged':
      return acknowledged(order, at);
    case 'order.auto_acknowledged':
      return acknowledged(order, at, true);
    case 'order.objection_proposed':
      return { proposal: { awaits: 'objection', by: actorId, at, ...event.facts } };
    case 'order.objected':
      return { state: 'under_arbitration', proposal: null, objections: [...order.objections, raised(event)] };
    case 'order.objection_upheld':
      return {
        state: 'pending_dispatch',
        objections: settled(order.objections, 'upheld'),
        assignments: ended(order.assignments, at),
        handlerId: null,
        dispatchRound: order.dispatchRound + 1,
        dispatchDueAt: event.facts.dispatchDueAt,
        suggestedUnitId: event.facts.nextUnitId,
        needsDispatcher: true,
      };
    case 'order.force_assigned':
      return forceAssigned(order, event);
    case 'order.contacted':
      return { ...attempted(order, event.facts), contactedAt: order.contactedAt ?? at };
    case 'order.contact_failed':
      return { ...attempted(order, event.facts), ...notReached(order, event) };
    case 'order.due_promised':
      return { promisedDueAt: event.facts.dueAt };
    case 'order.extension_requested':
      return { proposal: { awaits: 'extension', by: actorId, at, ...event.facts, ...NOT_ENDORSED } };
    case 'order.suspension_requested':
      return { proposal: { awaits: 'suspension', by: actorId, at, ...event.facts, ...NOT_ENDORSED } };
    case 'order.extension_endorsed':
    case 'order.suspension_endorsed':
      return { proposal: endorsed(order, actorId, at) };
    case 'order.extended':
      return {
        proposal: null,
        extensions: [...(order.extensions ?? []), { extra: event.facts.extra, at }],
        ...NO_PROMISE,
      };
    case 'order.suspended':
      return { state: 'suspended', proposal: null, suspensions: [...(order.suspensions ?? []), suspended(event)] };
    case 'order.resumed':
      return { state: 'handling', suspensions: resumed(order.suspensions ?? [], at), ...NO_PROMISE };
    case 'order.progressed':
      return { progressCount: order.progressCount + 1 };
    case 'order.handler_changed':
      return { handlerId: event.facts.handlerId };
    case 'order.escalation_proposed':
      return { proposal: { awaits: 'escalation', by: actorId, at, ...event.facts } };
    case 'order.level_escalated':
      return {
        ...ledBy(order, order.assignments, {
          ...event.facts,
          unitId: event.facts.toUnitId,
          mode: 'escalated',
          at,
          decision: null,
          acknowledgedAt: takenOnWith(order, at),
        }),
        proposal: null,
      };
    case 'order.proposal_declined':
    case 'order.request_cancelled':
      return { proposal: null };
    case 'order.citizen_asked':
    case 'order.citizen_replied':
      return {};
    case 'order.urged':
    case 'supervision.opened':
      return { supervision: event.facts.supervision };
  }
}

function begin({ orderNo, version, at, actorId, facts }: OrderEvent<'order.registered'>): Order {
  return {
    orderNo,
    version,
    state: 'registered',
    ...facts,
    noPlace: false,
    registeredBy: actorId,
    registeredAt: at,
    acceptedAt: null,
    dispatchDueAt: null,
    dispatchRound: 0,
    needsDispatcher: false,
    dispatchedAt: null,
    assignments: [],
    firstReceiverUnitId: null,
    visitedUnitIds: [],
    hops: 0,
    objections: [],
    objectionBarred: false,
    suggestedUnitId: null,
    proposal: null,
    handlerId: null,
    contactedAt: null,
    contactAttempts: 0,
    progressCount: 0,
    supervision: 'none',
    mergedInto: null,
    mergedFrom: 0,
  };
}

function dispatched(order: Order, { at, facts }: OrderEvent<'order.dispatched'>): Partial<Order> {
  const { unitId, mode, decision, listVersions } = facts;
  const assists = facts.assistUnitIds.map((assistId): Assignment => ({
    unitId: assistId,
    role: 'assist',
    mode,
    at,
    decision: null,
    listVersions,
    acknowledgedAt: null,
    endedAt: null,
  }));
  return {
    ...ledBy(order, [...order.assignments, ...assists], {
      unitId,
      mode,
      at,
      decision,
      listVersions,
      acknowledgedAt: null,
    }),
    state: 'pending_ack',
    dispatchedAt: order.dispatchedAt ?? at,
    firstReceiverUnitId: order.firstReceiverUnitId ?? unitId,
    suggestedUnitId: null,
    needsDispatcher: false,
    // [T9] Who gets it by an arbiter's word has no objection against that word.
    objectionBarred: order.objectionBarred || mode === 'ruling',
    proposal: null,
  };
}

/** [T35] The state stays, so a sub-unit of one that handles the order handles it from now on. */
function handedOver(order: Order, { at, facts }: OrderEvent<'order.dispatched'>): Partial<Order> {
  return {
    ...ledBy(order, order.assignments, { ...facts, at, acknowledgedAt: takenOnWith(order, at) }),
    proposal: null,
  };
}

const takenOnWith = (order: Order, at: number): number | null => (order.state === 'pending_ack' ? null : at);

function acknowledged(order: Order, at: number, byClock = false): Partial<Order> {
  const taken = { acknowledgedAt: at, ...(byClock && { acknowledgedByClock: true as const }) };
  return {
    state: 'handling',
    assignments: order.assignments.map((a) => (a.role === 'lead' && isCurrent(a) ? { ...a, ...taken } : a)),
    proposal: order.proposal?.awaits === 'objection' ? null : order.proposal,
  };
}

/** [T11] [T12] Final: the unit has it and works on it. */
function forceAssigned(order: Order, { at, facts }: OrderEvent<'order.force_assigned'>): Partial<Order> {
  const same = leadOf(order)?.unitId === facts.unitId;
  const lead = same
    ? acknowledged(order, at)
    : ledBy(order, order.assignments, { ...facts, mode: 'ruling', at, decision: null, acknowledgedAt: at });
  return {
    ...lead,
    state: 'handling',
    objections: settled(order.objections, facts.basis),
    objectionBarred: true,
    proposal: null,
  };
}

function attempted(order: Order, facts: OrderEventFacts['order.contacted']): Partial<Order> {
  const taken = facts.acknowledged ? acknowledged(order, facts.recordedAt) : {};
  return {
    ...taken,
    ...(facts.meets && { assignments: contactMet({ ...order, ...taken }, facts.recordedAt) }),
    contactAttempts: order.contactAttempts + 1,
  };
}

/** [C4u] The contact clock runs for who is answerable, whoever below them makes the contact. */
function contactMet(order: Order, at: number): Assignment[] {
  const owner = answerable(order);
  return order.assignments.map((a) => (a === owner ? { ...a, contactMetAt: at } : a));
}

/** [A4] */
function notReached(order: Order, { at, facts }: OrderEvent<'order.contact_failed'>): Partial<Order> {
  const { unitId, channel, counted, unreachable, recordedAt } = facts;
  return {
    ...(counted && { failedContacts: [...(order.failedContacts ?? []), { unitId, channel, at }] }),
    ...(unreachable && { unreachableAt: recordedAt }),
  };
}

/** [T17] [T19] What was promised for an earlier due does not bind for a later one. */
const NO_PROMISE = { promisedDueAt: null };

const NOT_ENDORSED = { endorsedBy: null, endorsedAt: null };

/** [T17] [T18] The unit's own leader has agreed; the desk has the next word. */
function endorsed(order: Order, by: string, at: number): Proposal | null {
  const request = unitRequestOf(order);
  return request ? { ...request, endorsedBy: by, endorsedAt: at } : order.proposal;
}

const suspended = ({ at, facts: { reasonCode, until } }: OrderEvent<'order.suspended'>): Suspension => ({
  reasonCode,
  until,
  at,
  resumedAt: null,
});

const resumed = (suspensions: readonly Suspension[], at: number): Suspension[] =>
  suspensions.map((one) => (one.resumedAt === null ? { ...one, resumedAt: at } : one));

type NewLead = Pick<Assignment, 'unitId' | 'mode' | 'at' | 'decision' | 'listVersions' | 'acknowledgedAt'>;

/** Another unit leads from now on. Assists stay, unless one of them becomes the lead. */
function ledBy(order: Order, assignments: readonly Assignment[], lead: NewLead): Partial<Order> {
  const { unitId, mode, at, decision, listVersions, acknowledgedAt } = lead;
  return {
    assignments: [
      ...assignments.map((a) =>
        isCurrent(a) && (a.role === 'lead' || a.unitId === unitId) ? { ...a, endedAt: at } : a,
      ),
      { unitId, role: 'lead', mode, at, decision, listVersions, acknowledgedAt, endedAt: null },
    ],
    visitedUnitIds: order.visitedUnitIds.includes(unitId) ? order.visitedUnitIds : [...order.visitedUnitIds, unitId],
    hops: order.hops + (order.visitedUnitIds.length > 0 ? 1 : 0),
    handlerId: null,
  };
}

function raised({ at, facts }: OrderEvent<'order.objected'>): Objection {
  const { unitId, proposedUnitId, reasonCode, raisedBy } = facts;
  return { unitId, proposedUnitId, reasonCode, by: raisedBy, at, outcome: 'open' };
}

const settled = (objections: readonly Objection[], outcome: Exclude<Objection['outcome'], 'open'>): Objection[] =>
  objections.map((objection) => (objection.outcome === 'open' ? { ...objection, outcome } : objection));

const ended = (assignments: readonly Assignment[], at: number): Assignment[] =>
  assignments.map((a) => (isCurrent(a) ? { ...a, endedAt: at } : a));
