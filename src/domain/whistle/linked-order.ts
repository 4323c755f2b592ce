import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { mayReadOrder } from '../access/may-read-order.js';
import { orderReaders } from '../access/order-audience.js';
import { type Deadline, openClock } from '../clock/deadline.js';
import type { UnitTree } from '../lists/unit-tree.js';
import { liesWithOwnArea, unitActedFor } from '../order/permission.js';
import type { Order } from '../order/order.js';
import { ACTIVE, isOneOf } from '../order/stages.js';
import type { LinkedOrder } from './situation.js';

/** What a whistle asks of one of its orders. `deadlines`: the order's clocks. */
export function linkedOrder(
  order: Order,
  deadlines: readonly Deadline[],
  { actor, units }: { actor: Actor; units: UnitTree },
): LinkedOrder {
  const handling = openClock({ deadlines }, 'HANDLING');
  return {
    orderNo: order.orderNo,
    within: isWithin(order, actor, units),
    active: isOneOf(order.state, ACTIVE),
    visibility: order.visibility,
    handlingDueAt: handling?.state === 'running' ? handling.dueAt : null,
  };
}

/** [T20] Their unit leads it, or it lies in their territory; the desk has every order that it may read. */
function isWithin(order: Order, actor: Actor, units: UnitTree): boolean {
  if (actor.roles.includes('dispatcher') || actor.roles.includes('shift_leader')) {
    return mayReadOrder(actor, orderReaders(order, units));
  }
  return unitActedFor(order, actor, units) === 'lead' || liesWithOwnArea(order, actor, units);
}
