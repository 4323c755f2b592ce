import { type Day, daysFrom } from './day.js';
import type { WorkCalendar } from './work-calendar.js';

/**
 * The first day that counts otherwise after the notice of `year` came than before it: worked or not, or no longer only by
 * the law. What was due before it is due as before. `null`: nothing counts otherwise.
 */
export function firstChange(before: WorkCalendar, after: WorkCalendar, year: number): Day | null {
  // A notice may name days of the December before.
  for (const day of daysFrom(`${year - 1}-12-01`, `${year}-12-31`)) {
    if (before.isWorkday(day) !== after.isWorkday(day)) return day;
    if (day === `${year}-01-01` && before.isNoticed(year) !== after.isNoticed(year)) return day;
  }
  return null;
}
