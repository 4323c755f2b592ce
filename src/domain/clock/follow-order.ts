import type { Order } from '../order/order.js';
import type { ClockChange, ClocksAfter } from './clock-change.js';
import { type Deadline, end, isOpen, startDeadline } from './deadline.js';
import { dueAfter } from './due-after.js';
import { extend, pause, promise, resume } from './move-deadline.js';
import { clocksOf, type ContactStart, endOf, orderClockId, reachedBefore, type RunningClock } from './order-clocks.js';
import { type LimitGrounds, newDeadline } from './order-limits.js';
import { sayDue } from './say-due.js';

/**
 * Brings an order's clocks in line with the order: those that belong to how it stands run, or stand still; the others have
 * ended. A clock has one life: what has ended never begins again. [CK12]
 */
export function followOrder(grounds: LimitGrounds): ClocksAfter {
  const { kept, order, policy } = grounds;
  const belong = new Map(
    clocksOf(order, contactStart(kept, policy)).map((clock) => [orderClockId(order.orderNo, clock), clock]),
  );
  const deadlines: Deadline[] = [];
  const changes: ClockChange[] = [];
  for (const before of kept) {
    const done = isOpen(before) ? changesOf(before, belong.get(before.clockId), grounds) : [];
    belong.delete(before.clockId);
    deadlines.push(done.at(-1)?.deadline ?? before);
    changes.push(...done);
  }
  for (const clock of belong.values()) {
    const started = begin(clock, grounds);
    deadlines.push(started.at(-1)!.deadline);
    changes.push(...started);
  }
  return { deadlines, changes };
}

/** [A2] [PC6] Once it runs, the requester's wait ends with a first word alone, whatever a city has set since. */
const contactStart = (kept: readonly Deadline[], { contact }: LimitGrounds['policy']): ContactStart =>
  kept.some(({ clock }) => clock === 'CONTACT_CITIZEN') ? 'registered' : contact.start;

const isContact = ({ clock }: Deadline): boolean => clock === 'CONTACT_UNIT';

/** An order of before there were clocks may have met one long ago: it is told as met then. */
function begin(clock: RunningClock, grounds: LimitGrounds): ClockChange[] {
  const { order, kept, calendar } = grounds;
  const deadline = startDeadline(newDeadline(clock, grounds), calendar);
  const started: ClockChange = { type: 'deadline.started', deadline };
  const metAt = clock.clock === 'CONTACT_UNIT' && !kept.some(isContact) ? reachedBefore(order) : undefined;
  return metAt === undefined ? [started] : [started, { type: 'deadline.met', deadline: end(deadline, metAt, 'met') }];
}

/** Whether a handling clock begins with this: then the standard of the matter has to be looked up. */
export const startsHandling = (order: Order, kept: readonly Deadline[]): boolean =>
  order.dispatchedAt !== null && !kept.some(({ clock }) => clock === 'HANDLING');

function changesOf(before: Deadline, clock: RunningClock | undefined, grounds: LimitGrounds): ClockChange[] {
  const { now, calendar } = grounds;
  if (!clock) return ended(before, grounds);
  if (clock.pausedFor && before.state === 'running') {
    return [{ type: 'deadline.paused', deadline: pause(before, now, clock.pausedFor, calendar) }];
  }
  if (!clock.pausedFor && before.state === 'paused') {
    return [{ type: 'deadline.resumed', deadline: resume(before, wentOnAt(before, grounds), calendar) }];
  }
  const moved = before.clock === 'HANDLING' ? movedBy(before, grounds) : before;
  if (moved === before && clock.unitId === before.unitId) return [];
  return [{ type: 'deadline.recalculated', deadline: { ...moved, unitId: clock.unitId } }];
}

/** [T19] A suspension ends with its time, whenever that is noticed: the order says when it went on. */
const wentOnAt = ({ pausedFor }: Deadline, { order, now }: LimitGrounds): number =>
  (pausedFor === 'suspended' ? order.suspensions?.at(-1)?.resumedAt : undefined) ?? now;

/**
 * [A12] A result that was looked at counts from its submission. If the signatures took too long, the time until the last of
 * them counts as well, and what ran out in it is said first.
 */
function ended(before: Deadline, { order, now, calendar, policy }: LimitGrounds): ClockChange[] {
  const how = endOf(before.clock, order);
  const over = (deadline: Deadline, at: number): ClockChange => ({
    type: `deadline.${how}`,
    deadline: end(deadline, at, how),
  });
  const { pausedFor, pausedAt } = before;
  if (how !== 'met' || pausedFor !== 'review' || pausedAt === null) return [over(before, now)];
  const signBy = dueAfter(pausedAt, { basis: 'workday', amount: policy.signWithin }, calendar).at;
  if (now <= signBy) return [over(before, pausedAt)];
  const counted: Deadline = { ...before, state: 'running', pausedAt: null, pausedFor: null, left: null };
  const { deadlines, changes } = sayDue([counted], now, calendar);
  return [...changes, over(deadlines[0]!, now)];
}

/** [T17] An extension, or a promise, that the clock does not know of yet. */
function movedBy(before: Deadline, { order, now, calendar }: LimitGrounds): Deadline {
  const extra = (order.extensions ?? []).reduce((sum, one) => sum + one.extra, 0);
  if (extra !== before.extra) return extend(before, extra - before.extra, now, calendar);
  const promised = order.promisedDueAt ?? Infinity;
  return promised < before.dueAt ? promise(before, promised, now, calendar) : before;
}
