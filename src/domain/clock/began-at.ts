import { answerable, type Order } from '../order/order.js';
import type { ContactStart, RunningClock } from './order-clocks.js';

/**
 * When a clock that belongs to the order began, by the order's own facts: for the command that starts it that is now, and
 * one that is started later, for an order of before there were clocks, is due when it should have been. [CK15]
 * `undefined`: the facts do not tell.
 */
export function beganAt({ clock }: Pick<RunningClock, 'clock'>, order: Order, start: ContactStart): number | undefined {
  switch (clock) {
    case 'ACCEPT':
      return order.registeredAt;
    case 'DISPATCH':
      return order.dispatchRound > 1 ? lastEnded(order) : (order.acceptedAt ?? undefined);
    case 'ACK':
    case 'OBJECTION':
      // [T35] Handed down inside the unit, it is still the same wait.
      return answerable(order)?.at;
    case 'CONTACT_UNIT':
      // Of a round of rework the order does not tell.
      return order.reworkRound ? undefined : answerable(order)?.at;
    case 'CONTACT_CITIZEN':
      return start === 'registered' ? order.registeredAt : (order.dispatchedAt ?? undefined);
    case 'HANDLING':
      return order.dispatchedAt ?? undefined;
    case 'ARBITRATION':
      return order.objections.at(-1)?.at;
    default:
      return undefined;
  }
}

/** [T10] It went back to the desk when its last unit was relieved of it. */
function lastEnded({ assignments }: Order): number | undefined {
  const ends = assignments.flatMap(({ endedAt }) => endedAt ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}
