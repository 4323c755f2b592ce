import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';
import { dayOf, endOf } from '../calendar/day.js';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import { REPEATS, warnsAt } from './amber.js';
import { type Deadline, type NewDeadline, type PauseCause, warningOf } from './deadline.js';
import { dueAfter, leftOf, type Limit, withinDay } from './due-after.js';

/** Stands still from now on, keeping what is left of it. */
export function pause(deadline: Deadline, now: number, cause: PauseCause, calendar: WorkCalendar): Deadline {
  return { ...deadline, state: 'paused', pausedAt: now, pausedFor: cause, left: leftOf(deadline, now, calendar) };
}

/** Goes on with what was left. One that was late before is as late as it was. */
export function resume(deadline: Deadline, now: number, calendar: WorkCalendar): Deadline {
  const { pausedAt, left, basis, dueAt, promisedDueAt } = deadline;
  const since = pausedAt ?? now;
  const on = {
    ...deadline,
    state: 'running' as const,
    pausedAt: null,
    pausedFor: null,
    pausedMs: deadline.pausedMs + (now - since),
    left: null,
  };
  if (dueAt <= since) return { ...on, ...lateAgain(deadline, since, now, calendar) };
  const countedFrom = basis === 'wall' ? now : withinDay(now);
  const counted =
    promisedDueAt === null ? (left ?? 0) : leftOf({ basis, dueAt: ownDue(deadline, calendar).at }, since, calendar);
  const promised = promisedDueAt === null ? undefined : (left ?? 0);
  const from = { ...on, countedFrom, counted, promised, ...targetLeftAt(deadline, since, calendar) };
  const due = dueOf(from, calendar);
  return {
    ...from,
    ...movedTo(from, due.at, now, calendar),
    provisional: due.provisional,
    promisedDueAt: promisedDueAt === null ? null : due.at,
  };
}

/** Of its lateness only the workdays count in which somebody could have ended it. [CK10] */
function lateAgain({ dueAt, lateFrom, lateDays = 0 }: Deadline, since: number, now: number, calendar: WorkCalendar) {
  const from = lateFrom ?? withinDay(dueAt);
  const days = calendar.workdaysBetween(dayOf(from), dayOf(withinDay(since)));
  return { lateFrom: withinDay(now), lateDays: lateDays + days };
}

/** What the limit gives, with all that extensions add. */
const ownDue = ({ basis, countedFrom, counted: amount }: Deadline, calendar: WorkCalendar) =>
  dueAfter(countedFrom, { basis, amount }, calendar);

/** How much it would have to count to be due then. */
function countedTo(dueAt: number, { basis, countedFrom }: Deadline, calendar: WorkCalendar): number {
  // Its own day does not count, also of one that began as that day did.
  return leftOf({ basis, dueAt }, basis === 'wall' ? countedFrom : countedFrom + 1, calendar);
}

/** What counts: the promise, if there is one. A promised day stays; what was left of it after a pause is counted. [EX4] */
function dueOf(deadline: Deadline, calendar: WorkCalendar) {
  const { basis, countedFrom, promised, promisedDueAt } = deadline;
  if (promisedDueAt === null) return ownDue(deadline, calendar);
  return promised === undefined
    ? { at: promisedDueAt, provisional: false }
    : dueAfter(countedFrom, { basis, amount: promised }, calendar);
}

/** The warning keeps its distance; of workdays it is the last one, or the end of what it should take. */
function movedTo(deadline: Deadline, dueAt: number, now: number, calendar: WorkCalendar): Moved {
  const { amberAt: warnedAt, basis, startedAt, dueAt: before } = deadline;
  if (warnedAt === null) return { dueAt, amberAt: null };
  const warnMs = deadline.warnMs ?? before - warnedAt;
  const targetAt = endOfTarget(deadline, calendar);
  const amberAt = warnsAt({ basis, startedAt, dueAt, warnMs, targetAt }, calendar);
  return { dueAt, amberAt, ...standing(deadline, amberAt, now) };
}

type Standing = Partial<Pick<Deadline, 'signal' | 'warned'>>;
type Moved = Pick<Deadline, 'dueAt' | 'amberAt'> & Standing;

/** [CK10] Amber is said once. Where there is time again it stands no more, and is not said of the new due. */
const standing = ({ signal }: Deadline, amberAt: number | null, now: number): Standing =>
  signal === 'amber' && amberAt !== null && now < amberAt ? { signal: null, warned: true } : {};

/** [A6] */
function endOfTarget(deadline: Deadline, calendar: WorkCalendar): number | undefined {
  const target = targetOf(deadline);
  return target && dueAfter(deadline.countedFrom, target, calendar).at;
}

const targetOf = ({ target: amount, targetBasis, basis }: Deadline): Limit | undefined =>
  amount === undefined ? undefined : { basis: targetBasis ?? basis, amount };

/** [A6] What was used up by `at` was used up of the target, too. */
function targetLeftAt(deadline: Deadline, at: number, calendar: WorkCalendar): Pick<Deadline, 'target'> {
  const target = targetOf(deadline);
  if (!target) return {};
  const dueAt = dueAfter(deadline.countedFrom, target, calendar).at;
  return { target: Math.max(0, leftOf({ basis: target.basis, dueAt }, at, calendar)) };
}

/**
 * [T17] So much more time, counted on from where it would have been due by its limit, or is due now where that is later:
 * a notice or a policy has brought no due into the past.
 */
export function extend(deadline: Deadline, extra: number, now: number, calendar: WorkCalendar): Deadline {
  const own = ownDue(deadline, calendar).at;
  const asCounted = deadline.counted > 0 && own >= deadline.dueAt;
  const counted = asCounted ? deadline.counted : countedTo(Math.max(own, deadline.dueAt), deadline, calendar);
  const longer = { ...deadline, counted: counted + extra, promisedDueAt: null, promised: undefined };
  const due = ownDue(longer, calendar);
  return {
    ...longer,
    ...movedTo(longer, due.at, now, calendar),
    provisional: due.provisional,
    extra: deadline.extra + extra,
  };
}

/** An earlier due by the unit's own word, which then counts. */
export function promise(deadline: Deadline, dueAt: number, now: number, calendar: WorkCalendar): Deadline {
  return {
    ...deadline,
    ...movedTo(deadline, dueAt, now, calendar),
    provisional: false,
    promisedDueAt: dueAt,
    promised: undefined,
  };
}

/**
 * As the calendar counts now. [A27] A due that has passed stays; one that would lie in the past comes to the end of today.
 * `undefined`: nothing moves.
 */
export function recalculated(deadline: Deadline, now: number, calendar: WorkCalendar): Deadline | undefined {
  const { basis, dueAt, state, promisedDueAt, provisional } = deadline;
  if (basis !== 'workday' || state !== 'running' || dueAt <= now) return undefined;
  // A promised day stays; the workday on which it is warned of may be another.
  const due = dueOf(deadline, calendar);
  const at = due.at > now ? due.at : endOf(dayOf(now));
  const moved = movedTo(deadline, at, now, calendar);
  if (at === dueAt && moved.amberAt === deadline.amberAt && due.provisional === provisional) return undefined;
  return { ...deadline, ...moved, provisional: due.provisional, promisedDueAt: promisedDueAt === null ? null : at };
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
  const at = wanted > now ? wanted : soonest(other.basis, now, given.amber?.leastMs ?? 0);
  const warning = warningNow(deadline, given, at, calendar);
  return {
    ...deadline,
    basis: other.basis,
    limit: other.amount,
    source,
    policyKey: given.policyKey ?? null,
    policyVersion,
    counted,
    dueAt: at,
    ...warning,
    ...standing(deadline, warning.amberAt, now),
    provisional: due.provisional,
  };
}

/** [PC6] Warns as is set now, if it has not yet; `undefined`: at the same time. */
export function rewarned(
  deadline: Deadline,
  given: NewDeadline,
  now: number,
  calendar: WorkCalendar,
): Deadline | undefined {
  const { state, signal, dueAt, amberAt, repeats } = deadline;
  if (state !== 'running' || dueAt <= now) return undefined;
  const warning = warningNow(deadline, given, dueAt, calendar);
  const again = (repeats ?? REPEATS).join() !== (warning.repeats ?? REPEATS).join();
  if (signal !== null) return again ? { ...deadline, repeats: warning.repeats } : undefined;
  return warning.amberAt === amberAt && !again ? undefined : { ...deadline, ...warning };
}

/** By what is set now; of the target what was used up before the last pause is gone. [A6] */
function warningNow(deadline: Deadline, given: NewDeadline, dueAt: number, calendar: WorkCalendar) {
  const { countedFrom, startedAt, pausedMs } = deadline;
  const { target } = given;
  if (!target) return { target: undefined, ...warningOf(given, countedFrom, dueAt, calendar) };
  const wholeAt = dueAfter(startedAt, target, calendar).at;
  const amount = Math.max(0, leftOf({ basis: target.basis, dueAt: wholeAt }, countedFrom - pausedMs, calendar));
  return warningOf({ ...given, target: { ...target, amount } }, countedFrom, dueAt, calendar);
}

const soonest = (basis: ClockBasis, now: number, leastMs: number): number =>
  basis === 'wall' ? now + leastMs : endOf(dayOf(now));
