import { dayOf, startOf } from '../calendar/day.js';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import { dueAfter, lastDay, type Limit } from './due-after.js';

/** When a clock warns before it is due, as a city has set it. */
export interface AmberRule {
  /** Of a wall limit, 0 … 1; a longer rest than `leastMs` is never asked for by it. [CK10] */
  share: number;
  leastMs: number;
}

/** Hours of the day in Shanghai between which nobody is called, and how long before them a warning comes. */
export interface QuietHours {
  fromHour: number;
  toHour: number;
  warnMs: number;
}

/** What decides when a clock warns. */
export interface WarningTerms {
  limit: Limit;
  startedAt: number;
  amber: AmberRule | null;
  /** Warns after so much of it already, in the basis: a target inside the limit. [A6] */
  target?: number;
  /** Before this time of day the warning comes, if the due lies in the hours in which nobody is called. [A19] */
  quiet?: QuietHours;
}

/** [CK10] The rest of a wall limit that is worth a warning; of a limit in days its last day. */
export function amberBefore(
  dueAt: number,
  given: WarningTerms,
  countedFrom: number,
  calendar: WorkCalendar,
): number | null {
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
