import type { Order } from '../order/order.js';
import { clocksOf, type ContactStart, orderClockId, type RunningClock } from './order-clocks.js';

/** Clocks that belong to how the order stands, and of which it has no row: it is of before there were any. [CK15] */
export function missingClocks(
  order: Order,
  kept: readonly { clockId: string }[],
  contactStart: ContactStart,
): RunningClock[] {
  const ids = new Set(kept.map(({ clockId }) => clockId));
  return clocksOf(order, contactStart).filter((clock) => !ids.has(orderClockId(order.orderNo, clock)));
}
