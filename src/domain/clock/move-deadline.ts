import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';
import { dayOf, endOf, startOf } from '../calendar/day.js';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import { amberBefore } from './amber.js';
import type { Deadline, NewDeadline, PauseCause } from './deadline.js';
import { dueAfter, lastDay, leftOf } from './due-after.js';

/** Stands still from now on, keeping what is left of it. */
export function pause(deadline: Deadline, now: number, cause: PauseCause, calendar: WorkCalendar): Deadline {
  return { ...deadline, state: 'paused', pausedAt: now, pausedFor: cause, left: leftOf(deadline, now, calendar) };
}

/** Goes on with what was left. One that was late before is as late as it was. */
export function resume(deadline: Deadline, now: number, calendar: WorkCalendar): Deadline {
  const { pausedAt, left, basis, dueAt, target } = deadline;
  const since = pausedAt ?? now;
  const on = {
    ...deadline,
    state: 'running' as const,
    pausedAt: null,
    pausedFor: null,
    pausedMs: deadline.pausedMs + (now - since),
    left: null,
  };
  if (dueAt <= since) return on;
  const counted = left ?? 0;
  const due = dueAfter(now, { basis, amount: counted }, calendar);
  const from = {
    ...on,
    countedFrom: now,
    counted,
    ...(target !== undefined && { target: Math.max(0, target - (deadline.counted - counted)) }),
  };
  return {
    ...from,
    ...movedTo(from, due.at, endOfTarget(from, calendar)),
    provisional: due.provisional,
    promisedDueAt: null,
  };
}

/** The warning keeps its distance; of days it is the last one, or the end of what it should take. */
function movedTo(deadline: Deadline, dueAt: number, byTarget?: number): Pick<Deadline, 'dueAt' | 'amberAt'> {
  const { amberAt, basis, dueAt: before } = deadline;
  if (amberAt === null) return { dueAt, amberAt };
  if (basis === 'wall') return { dueAt, amberAt: amberAt + (dueAt - before) };
  const last = startOf(lastDay(dueAt));
  if (byTarget !== undefined) return { dueAt, amberAt: Math.min(last, byTarget) };
  return { dueAt, amberAt: amberAt === startOf(lastDay(before)) ? last : amberAt };
}

/** [A6] */
const endOfTarget = ({ target, countedFrom, basis }: Deadline, calendar: WorkCalendar): number | undefined =>
  target === undefined ? undefined : dueAfter(countedFrom, { basis, amount: target }, calendar).at;

/** [T17] So much more time, counted on from where it would have been due. */
export function extend(deadline: Deadline, extra: number, calendar: WorkCalendar): Deadline {
  const { basis, countedFrom } = deadline;
  const counted = deadline.counted + extra;
  const due = dueAfter(countedFrom, { basis, amount: counted }, calendar);
  return {
    ...deadline,
    ...movedTo(deadline, due.at, endOfTarget(deadline, calendar)),
    provisional: due.provisional,
    promisedDueAt: null,
    counted,
    extra: deadline.extra + extra,
    // Warned of the due that it had: of the new one it warns again.
    signal: deadline.signal === 'amber' ? null : deadline.signal,
  };
}

/** An earlier due by the unit's own word, which then counts. */
export function promise(deadline: Deadline, dueAt: number): Deadline {
  return {
    ...deadline,
    ...movedTo(deadline, dueAt, deadline.target === undefined ? undefined : (deadline.amberAt ?? undefined)),
    provisional: false,
    promisedDueAt: dueAt,
  };
}

/**
 * As the calendar counts now. [A27] A due that has passed stays; one that would lie in the past comes to the end of today.
 * `undefined`: nothing moves.
 */
export function recalculated(deadline: Deadline, now: number, calendar: WorkCalendar): Deadline | undefined {
  const { basis, dueAt, state, counted, countedFrom, promisedDueAt, provisional } = deadline;
  if (basis !== 'workday' || state !== 'running' || dueAt <= now || promisedDueAt !== null) return undefined;
  const due = dueAfter(countedFrom, { basis, amount: counted }, calendar);
  const at = due.at > now ? due.at : endOf(dayOf(now));
  const moved = movedTo(deadline, at, endOfTarget(deadline, calendar));
  if (at === dueAt && moved.amberAt === deadline.amberAt && due.provisional === provisional) return undefined;
  return {
    ...deadline,
    ...moved,
    provisional: due.provisional,
    signal: at > dueAt && deadline.signal === 'amber' ? null : deadline.signal,
  };
}

/**
 * By another limit than it was started with, where a city wants that of a changed policy. [PC6] A due that has passed
 * stays, a promised one too; one that would lie in the past leaves as much time as a warning asks for. What was counted in
 * another basis before a pause or an extension keeps its own. `undefined`: nothing changes.
 */
export function relimited(
  deadline: Deadline,
  given: NewDeadline,
  now: number,
  calendar: WorkCalendar,
): Deadline | undefined {
  const { basis, limit, dueAt, state, promisedDueAt, countedFrom, startedAt, extra } = deadline;
  if (state !== 'running' || dueAt <= now || promisedDueAt !== null) return undefined;
  const { limit: other, policyVersion, source } = given;
  if (other.basis === basis && other.amount === limit) return undefined;
  if (other.basis !== basis && (countedFrom !== startedAt || extra !== 0)) return undefined;
  const counted = other.basis === basis ? deadline.counted + other.amount - limit : other.amount;
  const due = dueAfter(countedFrom, { basis: other.basis, amount: counted }, calendar);
  const wanted = Math.min(due.at, given.dueAt ?? Infinity);
  const target = targetLeft(deadline, given);
  const at = wanted > now ? wanted : soonest(other.basis, now, given.amber?.leastMs ?? 0);
  return {
    ...deadline,
    basis: other.basis,
    limit: other.amount,
    source,
    policyKey: given.policyKey ?? null,
    policyVersion,
    counted,
    target,
    dueAt: at,
    amberAt: amberBefore(at, { ...given, target }, countedFrom, calendar),
    provisional: due.provisional,
    signal: at > dueAt && deadline.signal === 'amber' ? null : deadline.signal,
  };
}

/** [PC6] Warns as is set now, if it has not yet; `undefined`: at the same time. */
export function rewarned(
  deadline: Deadline,
  given: NewDeadline,
  now: number,
  calendar: WorkCalendar,
): Deadline | undefined {
  const { state, signal, dueAt, countedFrom } = deadline;
  if (state !== 'running' || signal !== null || dueAt <= now) return undefined;
  const target = targetLeft(deadline, given);
  const amberAt = amberBefore(dueAt, { ...given, target }, countedFrom, calendar);
  return amberAt === deadline.amberAt ? undefined : { ...deadline, amberAt, target };
}

/** [A6] Of the target, less what was used up before the last pause. */
const targetLeft = ({ limit, extra, counted }: Deadline, { target }: NewDeadline): number | undefined =>
  target === undefined ? undefined : Math.max(0, target - (limit + extra - counted));

const soonest = (basis: ClockBasis, now: number, leastMs: number): number =>
  basis === 'wall' ? now + leastMs : endOf(dayOf(now));
