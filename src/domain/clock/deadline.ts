import type { ClockBasis, ClockName, ClockSignal, LimitSource } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import { type Repeats, warnsAt, type WarningTerms, worthWarning } from './amber.js';
import { dueAfter, type Limit } from './due-after.js';

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
  /** It warns so long before it is due, ms, however that moves (of workdays on the last); absent: as long as it does now. */
  warnMs?: number;
  dueAt: number;
  provisional: boolean;
  /** The first signal after `dueAt` waits so long, ms: for what is due at once. */
  leniencyMs: number;
  state: 'running' | 'paused' | 'met' | 'stopped';
  /** The last one that was said, and still holds: after the due moved later there may be time again. */
  signal: ClockSignal | null;
  /** It said amber of an earlier due, and says it no second time. [CK10] */
  warned?: true;
  /** Added by extensions, in the basis. */
  extra: number;
  /** By the unit's own promise, instead of what the limit gives. */
  promisedDueAt: number | null;
  /** What was left of the promise at the end of the last pause, in the basis; absent: it is a day, which stays. */
  promised?: number;
  pausedAt: number | null;
  pausedFor: PauseCause | null;
  /** Altogether, over all pauses that are over. */
  pausedMs: number;
  /** What was left of it when the present pause began, in the basis. */
  left: number | null;
  /** So many workdays after its due it says again that it is late; absent: 1 and 3. [CK10] */
  repeats?: Repeats;
  /** After a pause of one that was late: from then on it is late again, so many workdays already; absent: from its due, none. */
  lateFrom?: number;
  lateDays?: number;
  /** From here on, and with so much, the due date was counted last: the start, or the end of the last pause. */
  countedFrom: number;
  counted: number;
  /** It should take no more than so much from there on, and warns then; absent: nothing but its limit. [A6] */
  target?: number;
  /** Of the target; absent: the same as the limit's. */
  targetBasis?: ClockBasis;
  endedAt: number | null;
}

export interface NewDeadline extends WarningTerms {
  clockId: string;
  clock: ClockName;
  unitId: string | null;
  limit: Limit;
  source: LimitSource;
  /** The policy that sets the limit, if one does. */
  policyKey?: string;
  policyVersion: number;
  startedAt: number;
  /** Earlier than what the limit gives (24:00 of the day it must be done); absent: the limit's own. */
  dueAt?: number;
  leniencyMs?: number;
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
    ...warningOf(given, startedAt, dueAt, calendar),
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
    endedAt: null,
  };
}

type Warning = Pick<Deadline, 'amberAt' | 'warnMs' | 'target' | 'targetBasis' | 'repeats'>;

/** When it warns by what is given, with that due; its target counts from `countedFrom`. */
export function warningOf(given: NewDeadline, countedFrom: number, dueAt: number, calendar: WorkCalendar): Warning {
  const { limit, startedAt, amber, quiet, target, repeats } = given;
  const kept = {
    ...(repeats && { repeats }),
    ...(target && { target: target.amount, targetBasis: target.basis }),
  };
  const warnMs = worthWarning(limit, amber);
  const targetAt = target && dueAfter(countedFrom, target, calendar).at;
  return {
    amberAt: warnsAt({ basis: limit.basis, startedAt, dueAt, warnMs, targetAt, quiet }, calendar),
    warnMs,
    ...kept,
  };
}

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

export const isWindow = (clock: ClockName): boolean => WINDOWS.includes(clock);

/** Said that it is overdue, however long ago. */
export const ranOut = ({ signal }: Pick<Deadline, 'signal'>): boolean => signal !== null && signal !== 'amber';

/** Somebody is late, or was. A window that closes makes nobody late. */
export const isBroken = (one: Pick<Deadline, 'clock' | 'signal'>): boolean => ranOut(one) && !isWindow(one.clock);

/** The one of this kind that runs, or stands still, if any. */
export const openClock = ({ deadlines }: { deadlines: readonly Deadline[] }, clock: ClockName): Deadline | undefined =>
  deadlines.find((one) => one.clock === clock && isOpen(one));
