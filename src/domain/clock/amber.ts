import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';
import { dayOf, startOf } from '../calendar/day.js';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import { lastDay, type Limit } from './due-after.js';

/** When a clock warns before it is due, as a city has set it. */
export interface AmberRule {
  /** Of a limit, 0 … 1; never a shorter rest than `leastMs`. [CK10] */
  share: number;
  leastMs: number;
}

/** Hours of the day in Shanghai between which nobody is called, and how long before them a warning comes. */
export interface QuietHours {
  fromHour: number;
  toHour: number;
  warnMs: number;
}

/** Workdays after the due: of the first time, and of the second. */
export type Repeats = readonly [first: number, second: number];

/** Of clocks that started before a city could set them. */
export const REPEATS: Repeats = [1, 3];

/** What decides when a clock warns, and says again that it is late. */
export interface WarningTerms {
  amber: AmberRule;
  /** So many workdays after its due it is told late again; absent: 1 and 3. [CK10] */
  repeats?: Repeats;
  /** Warns after so much of it already: a target inside the limit, counted in a basis of its own. [A6] */
  target?: Limit;
  /** Before this time of day the warning comes, if the due lies in the hours in which nobody is called. [A19] */
  quiet?: QuietHours;
}

/** A clock as far as its warning follows from it. Times: ms UTC. */
export interface Warned {
  basis: ClockBasis;
  startedAt: number;
  dueAt: number;
  /** The warning comes so long before the due, ms; of workdays when the last one begins. */
  warnMs: number;
  /** When the target is over. [A6] */
  targetAt?: number;
  quiet?: QuietHours;
}

/** [CK10] The rest of a limit that is worth a warning, ms: of workdays the last one is, however long it takes. */
export const worthWarning = ({ basis, amount }: Limit, { share, leastMs }: AmberRule): number =>
  Math.max(Math.round(amount * share * (basis === 'wall' ? 1 : DAY_MS)), leastMs);

/** [CK10] When a clock warns; `null`: there is no time for it before the due. */
export function warnsAt(
  { basis, startedAt, dueAt, warnMs, targetAt = Infinity, quiet }: Warned,
  calendar: WorkCalendar,
): number | null {
  const last = basis === 'workday' ? startOf(calendar.lastWorkday(lastDay(dueAt))) : dueAt - warnMs;
  const at = Math.max(startedAt, Math.min(targetAt, quiet ? beforeQuiet(last, dueAt, quiet) : last));
  return at < dueAt ? at : null;
}

/** [A19] A due in the quiet hours, or when they end, stays; the warning comes while people may still be called. */
function beforeQuiet(amberAt: number, dueAt: number, { fromHour, toHour, warnMs }: QuietHours): number {
  const start = startOf(dayOf(dueAt));
  const hour = (dueAt - start) / HOUR_MS;
  if (hour > toHour && hour <= fromHour) return amberAt;
  const quietFrom = start + (fromHour - (hour <= toHour ? 24 : 0)) * HOUR_MS;
  return Math.min(amberAt, quietFrom - warnMs);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
