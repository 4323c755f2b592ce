import type { ClockName, QueueId } from '@minqing-hub/client-sdk/protocol';
import { type Deadline, openClock } from '../clock/deadline.js';
import type { OrderPolicy } from './order-policy.js';
import { type Order, unitRequestOf } from './order.js';
import { isOneOf } from './stages.js';

/**
 * The queue that an order stands in, if somebody of the centre must do the next thing.
 * What awaits a shift leader's word is on the floor's desk, not in an agent's hands.
 */
export function queueOf(order: Order): QueueId | null {
  if (awaitsDesk(order)) return 'dispatch';
  switch (order.state) {
    case 'registered':
      return order.proposal ? null : 'register';
    case 'pending_dispatch':
      return order.needsDispatcher ? 'dispatch' : null;
    case 'under_arbitration':
      return 'arbitration';
    default:
      return null;
  }
}

/** A unit's wish for which it takes the desk's word: for the level above, or, once its own leader agrees, for time [EX5]. */
export const awaitsDesk = (order: Order): boolean =>
  order.proposal?.awaits === 'escalation' || (unitRequestOf(order)?.endorsedAt ?? null) !== null;

/**
 * When the next thing is due there, ms UTC: acceptance, dispatch and ruling by their clocks [C0] [C1] [C9], the desk's word
 * soon after it was asked for [T33] [EX5], and never after the handling is due, when there is nothing to be said any more.
 */
export function queueDueAt(order: Order, policy: OrderPolicy, deadlines: readonly Deadline[]): number | null {
  const { proposal, state } = order;
  const dueAt = (clock: ClockName) => openClock({ deadlines }, clock)?.dueAt;
  if (proposal?.awaits === 'escalation') return proposal.at + policy.escalationLimitMs;
  const request = unitRequestOf(order);
  if (request && request.endorsedAt !== null) {
    return Math.min(request.endorsedAt + policy[request.awaits].deskMs, dueAt('HANDLING') ?? Infinity);
  }
  return (isOneOf(state, ['registered', 'pending_dispatch', 'under_arbitration']) ? dueAt(CLOCK[state]) : null) ?? null;
}

const CLOCK = { registered: 'ACCEPT', pending_dispatch: 'DISPATCH', under_arbitration: 'ARBITRATION' } as const;

/** Since when it has waited for that, ms UTC: a refusal that was not agreed to has not made it any younger [T3]. */
export function queuedSince(order: Order, now: number): number {
  return order.state === 'registered' ? order.registeredAt : now;
}
