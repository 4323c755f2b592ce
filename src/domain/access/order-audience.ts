import type { ClockName, ClockView, OrderCard } from '@minqing-hub/client-sdk/protocol';
import { clocksShown } from '../clock/clock-view.js';
import { type Deadline, isWindow, ranOut } from '../clock/deadline.js';
import { orderClockId } from '../clock/order-clocks.js';
import type { UnitTree } from '../lists/unit-tree.js';
import { answerable, assistUnitIds, awaits, leadOf, type Order } from '../order/order.js';
import { awaitsDesk } from '../order/queue-of.js';
import { ACTIVE, isOneOf, WITH_UNIT } from '../order/stages.js';
import type { OrderReaders, View } from './audience.js';

/** States in which the dispatch desk has an eye on an order; it has one, too, on what a unit wants its word for. */
const ON_DESK = ['registered', 'pending_dispatch', 'pending_ack', 'under_arbitration'] as const;

/** The rooms whose consoles hold the order's card, and how much of it they see. `deadlines`: every clock of the order. */
export function orderRooms(order: Order, deadlines: readonly Deadline[], units: UnitTree): Record<string, View> {
  const shared: View = order.visibility === 'confidential' ? 'stub' : 'full';
  const rooms: Record<string, View> = { [`order:${order.orderNo}`]: 'full' };
  if (isOneOf(order.state, ON_DESK) || awaitsDesk(order)) rooms['desk:city'] = shared;
  if (isOneOf(order.state, WITH_UNIT)) {
    for (const unitId of withUpper(unitsOf(order), units)) rooms[`unit:${unitId}`] = shared;
  }
  // Complaints are supervised from the first dispatch on, by both the discipline inspection and the petition office [HL5].
  if (order.kind === 'complaint' && order.dispatchedAt !== null && isOneOf(order.state, ACTIVE)) {
    rooms['supervision:city'] = shared;
  }
  // [T18] Who supervises keeps an eye on what is put aside.
  if (order.state === 'suspended') rooms['supervision:city'] = shared;
  for (const room of roomsOfBroken(order, orderClocks(order, deadlines))) rooms[room] ??= shared;
  return rooms;
}

/** The centre's own: no unit is late with them. */
const CENTRE: readonly ClockName[] = ['ACCEPT', 'DISPATCH', 'ARBITRATION'];
/** They wait while the order is put aside. */
const STAND_STILL: readonly ClockName[] = ['HANDLING', 'REWORK'];

/**
 * [CK13] What has run out the desk and the leaders of the unit whose clock it is see too (of what is nobody's alone those
 * of the unit that leads); a workday later, who supervises.
 */
function roomsOfBroken(order: Order, clocks: readonly ClockView[]): string[] {
  if (!isOneOf(order.state, ACTIVE)) return [];
  // Once the centre has done it, it is the desk's history; by a window that is over nobody was late.
  const passes = ({ clock }: ClockView) => CENTRE.includes(clock) || isWindow(clock);
  const broken = clocks.filter((one) => ranOut(one) && (one.endedAt === null || !passes(one)));
  const lead = leadOf(order)?.unitId ?? null;
  return broken.flatMap(({ clock, unitId, signal }) => {
    const owner = CENTRE.includes(clock) ? null : (unitId ?? lead);
    return ['desk:city', ...(owner ? [`leader:${owner}`] : []), ...(signal === 'overdue' ? [] : ['supervision:city'])];
  });
}

export function orderReaders(order: Order, units: UnitTree): OrderReaders {
  const confidential = order.visibility === 'confidential';
  const own = unitsOf(order);
  return {
    unitIds: confidential ? own : withUpper(own, units),
    visibility: order.visibility,
    userIds: confidential && order.state !== 'registered' ? [] : [order.registeredBy],
  };
}

export function orderCard(order: Order, deadlines: readonly Deadline[]): OrderCard {
  return {
    orderNo: order.orderNo,
    version: order.version,
    state: order.state,
    visibility: order.visibility,
    kind: order.kind,
    grade: order.grade,
    responseLevel: order.responseLevel,
    route: order.route,
    channel: order.channel,
    catalogCode: order.catalogCode,
    areaCode: order.areaCode,
    registeredAt: order.registeredAt,
    acceptedAt: order.acceptedAt,
    dispatchDueAt: dispatchDue(order, deadlines),
    dispatchedAt: order.dispatchedAt,
    leadUnitId: leadOf(order)?.unitId ?? null,
    assistUnitIds: assistUnitIds(order),
    handlerId: order.handlerId,
    contactedAt: order.contactedAt,
    contactAttempts: order.contactAttempts,
    unreachableAt: order.unreachableAt ?? null,
    progressCount: order.progressCount,
    hops: order.hops,
    awaits: awaits(order),
    supervision: order.supervision,
    mergedInto: order.mergedInto,
    clocks: orderClocks(order, deadlines),
  };
}

/** [C1] As its clock has it, which may have been counted anew; of before there were clocks as the order has it. */
function dispatchDue({ orderNo, dispatchRound, dispatchDueAt }: Order, deadlines: readonly Deadline[]): number | null {
  const clockId = orderClockId(orderNo, { clock: 'DISPATCH', nth: dispatchRound });
  return deadlines.find((one) => one.clockId === clockId)?.dueAt ?? dispatchDueAt;
}

/** Of a unit that no longer has it the order's readers learn nothing by its clocks. */
const orderClocks = (order: Order, deadlines: readonly Deadline[]): ClockView[] =>
  clocksShown(deadlines, unitsOf(order)).map((clock) => ({ ...clock, ...whyPaused(order, clock) }));

/** [T18] Clocks that a suspension makes stand still say why it did, also when they run again. */
function whyPaused({ suspensions = [] }: Order, { clock, startedAt, endedAt }: ClockView): Partial<ClockView> {
  if (!STAND_STILL.includes(clock)) return {};
  const during = suspensions.filter(({ at }) => at >= startedAt && (endedAt === null || at <= endedAt));
  return during.length > 0 ? { pausedBecause: during.map(({ reasonCode }) => reasonCode) } : {};
}

/** Lead, assists, and who stays answerable for what was handed down [T35]. */
function unitsOf(order: Order): string[] {
  const lead = leadOf(order)?.unitId;
  if (lead === undefined) return [];
  return [...new Set([lead, ...assistUnitIds(order), answerable(order)?.unitId ?? lead])];
}

function withUpper(unitIds: readonly string[], units: UnitTree): string[] {
  return [...new Set(unitIds.flatMap((id) => [id, ...units.ancestors(id).map((unit) => unit.unitId)]))];
}
