import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import type { Order } from './order.js';

/**
 * The queue that an order stands in, if somebody of the centre must do the next thing.
 * What awaits a shift leader's word is on the floor's desk, not in an agent's hands.
 */
export function queueOf(order: Order): QueueId | null {
  if (order.proposal?.awaits === 'escalation') return 'dispatch';
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

/** When the next thing is due there, ms UTC: the dispatch by its own limit, the word on an escalation soon after it was asked for [T33]. */
export function queueDueAt({ proposal, state, dispatchDueAt }: Order, escalationLimitMs: number): number | null {
  if (proposal?.awaits === 'escalation') return proposal.at + escalationLimitMs;
  return state === 'pending_dispatch' ? dispatchDueAt : null;
}

/** Since when it has waited for that, ms UTC: a refusal that was not agreed to has not made it any younger [T3]. */
export function queuedSince(order: Order, now: number): number {
  return order.state === 'registered' ? order.registeredAt : now;
}
