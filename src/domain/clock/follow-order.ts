import type { DeadlineEventType } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import type { Order } from '../order/order.js';
import { type Deadline, dueAfter, end, extend, isOpen, pause, promise, resume, startDeadline } from './deadline.js';
import { clocksOf, endOf, orderClockId, type RunningClock } from './order-clocks.js';
import { type LimitGrounds, newDeadline } from './order-limits.js';

/** What happened to a clock. */
export interface ClockChange {
  type: DeadlineEventType;
  /** After it. */
  deadline: Deadline;
}

/** An order's clocks after a command, and what the command did to them. */
export interface ClocksAfter {
  deadlines: Deadline[];
  changes: ClockChange[];
}

/**
 * Brings an order's clocks in line with the order: those that belong to how it stands run, or stand still; the others have
 * ended. A clock has one life: what has ended never begins again. [CK12]
 */
export function followOrder(grounds: LimitGrounds): ClocksAfter {
  const { kept, order, calendar, policy } = grounds;
  const belong = new Map(
    clocksOf(order, policy.contact.start).map((clock) => [orderClockId(order.orderNo, clock), clock]),
  );
  const deadlines: Deadline[] = [];
  const changes: ClockChange[] = [];
  for (const before of kept) {
    const change = isOpen(before) ? changeOf(before, belong.get(before.clockId), grounds) : undefined;
    belong.delete(before.clockId);
    deadlines.push(change?.deadline ?? before);
    if (change) changes.push(change);
  }
  for (const clock of belong.values()) {
    const deadline = startDeadline(newDeadline(clock, grounds), calendar);
    deadlines.push(deadline);
    changes.push({ type: 'deadline.started', deadline });
  }
  return { deadlines, changes };
}

/** Whether a handling clock begins with this: then the standard of the matter has to be looked up. */
export const startsHandling = (order: Order, kept: readonly Deadline[]): boolean =>
  order.dispatchedAt !== null && !kept.some(({ clock }) => clock === 'HANDLING');

function changeOf(before: Deadline, clock: RunningClock | undefined, grounds: LimitGrounds): ClockChange | undefined {
  const { order, now, calendar } = grounds;
  if (!clock) {
    const how = endOf(before.clock, order);
    return { type: `deadline.${how}`, deadline: end(before, how === 'met' ? doneAt(before, grounds) : now, how) };
  }
  if (clock.pausedFor && before.state === 'running') {
    return { type: 'deadline.paused', deadline: pause(before, now, clock.pausedFor, calendar) };
  }
  if (!clock.pausedFor && before.state === 'paused') {
    return { type: 'deadline.resumed', deadline: resume(before, now, calendar) };
  }
  const moved = before.clock === 'HANDLING' ? movedBy(order, before, calendar) : before;
  if (moved === before && clock.unitId === before.unitId) return undefined;
  return { type: 'deadline.recalculated', deadline: { ...moved, unitId: clock.unitId } };
}

/** [A12] A result that was looked at counts from its submission, unless the signatures took too long. */
function doneAt({ pausedFor, pausedAt }: Deadline, { now, calendar, policy }: LimitGrounds): number {
  if (pausedFor !== 'review' || pausedAt === null) return now;
  const signBy = dueAfter(pausedAt, { basis: 'workday', amount: policy.signWithin }, calendar).at;
  return now <= signBy ? pausedAt : now;
}

/** [T17] An extension, or a promise, that the clock does not know of yet. */
function movedBy(order: Order, before: Deadline, calendar: WorkCalendar): Deadline {
  const extra = (order.extensions ?? []).reduce((sum, one) => sum + one.extra, 0);
  if (extra !== before.extra) return extend(before, extra - before.extra, calendar);
  const promised = order.promisedDueAt ?? Infinity;
  return promised < before.dueAt ? promise(before, promised) : before;
}
