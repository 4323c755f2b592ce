import type { ClockBasis, ClockName, ClockSignal, LimitSource } from '@minqing-hub/client-sdk/protocol';
import { type Day, dayOf, endOf, startOf } from '../calendar/day.js';
import type { WorkCalendar } from '../calendar/work-calendar.js';

/** How long something may take. `wall`: ms; `day`, `workday`: days, to 24:00 of the last. */
export interface Limit {
  basis: ClockBasis;
  amount: number;
}

/** When a clock warns before it is due, as a city has set it. */
export interface AmberRule {
  /** Of a wall limit, 0 … 1; a longer rest than `leastMs` is never asked for by it. [CK10] */
  share: number;
  leastMs: number;
}

/** Why a clock stands still: nothing can be done for a while, or the result is being looked at. */
export type PauseCause = 'suspended' | 'review';

/**
 * One clock of the rule book with all that explains its due date. Times: ms UTC. Nothing about it is asked of a policy or
 * a list again while it runs: it keeps what it was started with.
 */
export interface Deadline {
  clockId: string;
  clock: ClockName;
  /** Whose clock; `null`: nobody's alone. */
  unitId: string | null;
  basis: ClockBasis;
  limit: number;
  source: LimitSource;
  /** The policy that sets its limit; `null`: none does; absent: started before this was kept. */
  policyKey?: string | null;
  /** Of the policy in force when it started. */
  policyVersion: number;
  startedAt: number;
  amberAt: number | null;
  dueAt: number;
  provisional: boolean;
  /** The first signal after `dueAt` waits so long, ms: for what is due at once. */
  leniencyMs: number;
  state: 'running' | 'paused' | 'met' | 'stopped';
  signal: ClockSignal | null;
  /** Added by extensions, in the basis. */
  extra: number;
  /** By the unit's own promise, instead of what the limit gives. */
  promisedDueAt: number | null;
  pausedAt: number | null;
  pausedFor: PauseCause | null;
  /** Altogether, over all pauses that are over. */
  pausedMs: number;
  /** What was left of it when the present pause began, in the basis. */
  left: number | null;
  /** From here on, and with so much, the due date was counted last: the start, or the end of the last pause. */
  countedFrom: number;
  counted: number;
  /** It should take no more than so much from there on, and warns then; absent: nothing but its limit. [A6] */
  target?: number;
  endedAt: number | null;
}

export interface NewDeadline {
  clockId: string;
  clock: ClockName;
  unitId: string | null;
  limit: Limit;
  source: LimitSource;
  /** The policy that sets the limit, if one does. */
  policyKey?: string;
  policyVersion: number;
  startedAt: number;
  amber: AmberRule | null;
  /** Earlier than what the limit gives (24:00 of the day it must be done); absent: the limit's own. */
  dueAt?: number;
  /** Warns after so much of it already, in the basis: a target inside the limit. [A6] */
  target?: number;
  /** Before this time of day the warning comes, if the due lies in the hours in which nobody is called. [A19] */
  quiet?: QuietHours;
  leniencyMs?: number;
}

/** Hours of the day in Shanghai between which nobody is called, and how long before them a warning comes. */
export interface QuietHours {
  fromHour: number;
  toHour: number;
  warnMs: number;
}

/** When so much time after `from` is over. The day of `from` itself is not counted. [WD3] [WD4] */
export function dueAfter(from: number, { basis, amount }: Limit, calendar: WorkCalendar): Due {
  if (basis === 'wall') return { at: from + amount, provisional: false };
  const day = dayOf(from);
  // Nothing of it was left: what remains of this day, or of the next workday when this is none.
  if (amount <= 0) {
    const last = basis === 'day' || calendar.isWorkday(day) ? day : calendar.nextWorkday(day);
    return { at: endOf(last), provisional: false };
  }
  return basis === 'day' ? calendar.afterDays(day, amount) : calendar.afterWorkdays(day, amount);
}

interface Due {
  at: number;
  provisional: boolean;
}

export function startDeadline(given: NewDeadline, calendar: WorkCalendar): Deadline {
  const { clockId, clock, unitId, limit, source, policyVersion, startedAt } = given;
  const due = dueAfter(startedAt, limit, calendar);
  const dueAt = Math.min(due.at, given.dueAt ?? Infinity);
  return {
    clockId,
    clock,
    unitId,
    basis: limit.basis,
    limit: limit.amount,
    source,
    policyKey: given.policyKey ?? null,
    policyVersion,
    startedAt,
    amberAt: amberBefore(dueAt, given, startedAt, calendar),
    dueAt,
    provisional: due.provisional && dueAt === due.at,
    leniencyMs: given.leniencyMs ?? 0,
    state: 'running',
    signal: null,
    extra: 0,
    promisedDueAt: null,
    pausedAt: null,
    pausedFor: null,
    pausedMs: 0,
    left: null,
    countedFrom: startedAt,
    counted: limit.amount,
    ...(given.target !== undefined && { target: given.target }),
    endedAt: null,
  };
}

/** [CK10] The rest of a wall limit that is worth a warning; of a limit in days its last day. */
function amberBefore(dueAt: number, given: NewDeadline, countedFrom: number, calendar: WorkCalendar): number | null {
  const { amber, limit, startedAt, quiet, target } = given;
  if (amber === null) return null;
  const last =
    limit.basis === 'wall' ? dueAt - Math.max(limit.amount * amber.share, amber.leastMs) : startOf(lastDay(dueAt));
  const byTarget = target === undefined ? Infinity : dueAfter(countedFrom, { ...limit, amount: target }, calendar).at;
  const at = Math.max(startedAt, Math.min(byTarget, quiet ? beforeQuiet(last, dueAt, quiet) : last));
  return at < dueAt ? at : null;
}

/** [A19] A due in the quiet hours stays; the warning comes while people may still be called. */
function beforeQuiet(amberAt: number, dueAt: number, { fromHour, toHour, warnMs }: QuietHours): number {
  const start = startOf(dayOf(dueAt));
  const hour = (dueAt - start) / HOUR_MS;
  if (hour >= toHour && hour <= fromHour) return amberAt;
  const quietFrom = start + (fromHour - (hour < toHour ? 24 : 0)) * HOUR_MS;
  return Math.min(amberAt, quietFrom - warnMs);
}

const HOUR_MS = 3_600_000;

/** The day that a due at its 24:00, or any time of it, belongs to. */
export const lastDay = (dueAt: number): Day => dayOf(dueAt - 1);

/** Stands still from now on, keeping what is left of it. */
export function pause(deadline: Deadline, now: number, cause: PauseCause, calendar: WorkCalendar): Deadline {
  return { ...deadline, state: 'paused', pausedAt: now, pausedFor: cause, left: leftOf(deadline, now, calendar) };
}

/** What is left at `now`, in the basis: time, or days after this one up to the last. Less than nothing when it is late. */
export function leftOf({ basis, dueAt }: Deadline, now: number, calendar: WorkCalendar): number {
  if (basis === 'wall') return dueAt - now;
  const [today, last] = [dayOf(now), lastDay(dueAt)];
  if (basis === 'day') return daysBetween(today, last);
  return today <= last ? calendar.workdaysBetween(today, last) : -calendar.workdaysBetween(last, today);
}

const daysBetween = (from: Day, to: Day): number => Math.round((startOf(to) - startOf(from)) / (24 * HOUR_MS));

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

/** Nothing is waited for any more: done (`met`), or needed no more (`stopped`). */
export function end(deadline: Deadline, now: number, how: 'met' | 'stopped'): Deadline {
  const paused = deadline.pausedAt === null ? 0 : now - deadline.pausedAt;
  return {
    ...deadline,
    state: how,
    endedAt: now,
    pausedAt: null,
    pausedFor: null,
    pausedMs: deadline.pausedMs + paused,
    left: null,
  };
}

export const isOpen = ({ state }: Deadline): boolean => state === 'running' || state === 'paused';

/** Something may be done until they end; nobody has to. */
const WINDOWS: readonly ClockName[] = ['OBJECTION', 'EVALUATION'];

/** Said that it is overdue, however long ago. A window that closes makes nobody late. */
export const isBroken = ({ clock, signal }: Pick<Deadline, 'clock' | 'signal'>): boolean =>
  signal !== null && signal !== 'amber' && !WINDOWS.includes(clock);

/** The one of this kind that runs, or stands still, if any. */
export const openClock = ({ deadlines }: { deadlines: readonly Deadline[] }, clock: ClockName): Deadline | undefined =>
  deadlines.find((one) => one.clock === clock && isOpen(one));
