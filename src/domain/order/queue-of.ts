import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { type Deadline, openClock } from '../clock/deadline.js';
import { overdueAt } from '../clock/signals.js';
import type { ItemDue } from '../queue/queue-item.js';
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
 * And when such a clock warns, and is told late [CK10] [CK11]; the desk's word has none.
 */
export function queueDue(order: Order, policy: OrderPolicy, deadlines: readonly Deadline[]): ItemDue {
  const { proposal, state } = order;
  if (proposal?.awaits === 'escalation') return { ...NO_CLOCK, dueAt: proposal.at + policy.escalationLimitMs };
  const request = unitRequestOf(order);
  if (request && request.endorsedAt !== null) {
    const dueAt = request.endorsedAt + policy[request.awaits].deskMs;
    return { ...NO_CLOCK, dueAt: Math.min(dueAt, openClock({ deadlines }, 'HANDLING')?.dueAt ?? Infinity) };
  }
  if (!isOneOf(state, ['registered', 'pending_dispatch', 'under_arbitration'])) return NO_CLOCK;
  const clock = openClock({ deadlines }, CLOCK[state]);
  return clock ? { dueAt: clock.dueAt, amberAt: clock.amberAt, overdueAt: overdueAt(clock) } : NO_CLOCK;
}

const NO_CLOCK: ItemDue = { dueAt: null, amberAt: null, overdueAt: null };

const CLOCK = { registered: 'ACCEPT', pending_dispatch: 'DISPATCH', under_arbitration: 'ARBITRATION' } as const;

/** Since when it has waited for that, ms UTC: a refusal that was not agreed to has not made it any younger [T3]. */
export function queuedSince(order: Order, now: number): number {
  return order.state === 'registered' ? order.registeredAt : now;
}
