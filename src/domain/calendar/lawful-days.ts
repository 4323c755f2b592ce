import type { Day } from './day.js';
import { type HolidayNotice, type StatutoryDays, WorkCalendar } from './work-calendar.js';

/** Since then the law gives 13 days. */
const SINCE = 2025;

/** Days that are off by law, and that a notice has worked: more likely missing in its file than meant. [WD2] */
export function lawfulDaysWorked(notice: HolidayNotice, statutoryDays: StatutoryDays): Day[] {
  if (notice.year < SINCE) return [];
  const calendar = new WorkCalendar([notice], () => []);
  // Two feasts may fall on one day.
  return [...new Set(statutoryDays(notice.year))].filter((day) => calendar.isWorkday(day));
}
