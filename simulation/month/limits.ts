import type { ClockBasis, Grade, Kind, LimitSource, ResponseLevel, Route } from '@minqing-hub/client-sdk/protocol';
import { dayAt, endOfDay, type WorkDays } from './work-days.js';

/** `wall`: ms; `day`, `workday`: days, to 24:00 of the last. */
export interface Limit {
  basis: ClockBasis;
  amount: number;
}

export interface Matter {
  kind: Kind | null;
  grade: Grade;
  responseLevel: ResponseLevel;
  route: Route;
}

/** What the list of standards says of the matter. */
export interface Standard {
  limit: number;
  limitBasis: 'hours' | 'days' | 'workdays';
  bindingness: 'mandatory' | 'recommended' | 'local';
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

const minutes = (n: number): Limit => ({ basis: 'wall', amount: n * MINUTE_MS });
const hours = (n: number): Limit => minutes(60 * n);
const workdays = (n: number): Limit => ({ basis: 'workday', amount: n });
const AT_ONCE = minutes(0);

/*
 * The defaults of the rule book, written down a second time: what a hub with its default policy must do. Nothing here is
 * taken from the hub's own code or its policy file, or it could only agree with itself.
 */

export const acceptLimit = ({ grade, responseLevel }: Matter): Limit => {
  if (responseLevel === 'critical') return AT_ONCE;
  return grade === 'urgent' ? minutes(10) : hours(2);
};

/** Critical: at once. `expedited` also ends with the day, which the caller sees to. */
export const dispatchLimit = ({ grade, responseLevel }: Matter): Limit =>
  responseLevel === 'critical' ? AT_ONCE : { urgent: minutes(30), fast: hours(2), normal: hours(8) }[grade];

/** As long as the objection's window. */
export const ackLimit = ({ grade }: Matter): Limit =>
  ({ urgent: minutes(30), fast: hours(2), normal: workdays(1) })[grade];

export const arbitrationLimit = ({ grade }: Matter): Limit =>
  ({ urgent: minutes(30), fast: hours(1), normal: hours(4) })[grade];

export const CONTACT_LIMIT = hours(24);

/** Nobody is called from 21:00 to 8:00, unless the matter is urgent; then the warning comes at 20:00 at the latest. */
export const QUIET = { fromHour: 21, toHour: 8, warnHour: 20 };
export const knowsNoNight = ({ grade, responseLevel }: Matter): boolean =>
  grade === 'urgent' || responseLevel === 'critical';

/** What is due at once is told overdue so long after. */
export const AT_ONCE_TOLD_AFTER_MS = MINUTE_MS;

/** A fifth of the limit, ten minutes at least; of workdays the last one warns instead. */
export const amberRest = ({ basis, amount }: Limit): number =>
  Math.max((amount * (basis === 'day' ? 24 * HOUR_MS : 1)) / 5, 10 * MINUTE_MS);

/** Not reached three times, two hours apart, at two times of the day, and a short message besides. */
export const UNREACHABLE = { apartMs: 2 * HOUR_MS, fromHour: 8, toHour: 21 };

const BY_KIND: Record<Kind, Limit> = {
  consultation: workdays(3),
  suggestion: workdays(15),
  resolution: workdays(20),
  complaint: workdays(30),
};
export const SIMPLE_TARGET = 1;

/** The end of so much after `from`, whose own day is not counted. */
export function endOfLimit(
  from: number,
  { basis, amount }: Limit,
  days: WorkDays,
): { at: number; provisional: boolean } {
  if (basis === 'wall') return { at: from + amount, provisional: false };
  if (basis === 'day') return { at: endOfDay(dayAt(from) + amount), provisional: false };
  const { day, provisional } = days.after(dayAt(from), amount);
  return { at: endOfDay(day), provisional };
}

/** Item before simple route before class, and never later than class, level and emergency route give. */
export function handlingLimit(
  matter: Matter,
  standard: Standard | null,
  from: number,
  days: WorkDays,
): { limit: Limit; source: LimitSource } {
  const byClass = { limit: BY_KIND[matter.kind ?? 'resolution'], source: 'class' as LimitSource };
  const { route, responseLevel } = matter;
  let chosen = byClass;
  if (standard) chosen = { limit: ofStandard(standard), source: `standard_${standard.bindingness}` };
  else if (route === 'simple') chosen = { limit: workdays(3), source: 'route' };
  const caps = [byClass];
  if (route === 'emergency' || responseLevel === 'critical') caps.push({ limit: hours(24), source: 'level' });
  if (responseLevel === 'expedited') caps.push({ limit: workdays(3), source: 'level' });
  for (const cap of caps) {
    if (endOfLimit(from, cap.limit, days).at < endOfLimit(from, chosen.limit, days).at) chosen = cap;
  }
  return chosen;
}

function ofStandard({ limit, limitBasis }: Standard): Limit {
  if (limitBasis === 'hours') return hours(limit);
  return { basis: limitBasis === 'days' ? 'day' : 'workday', amount: limit };
}
