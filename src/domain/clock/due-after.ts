import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';
import { type Day, dayOf, endOf, startOf } from '../calendar/day.js';
import type { WorkCalendar } from '../calendar/work-calendar.js';

/** How long something may take. `wall`: ms; `day`, `workday`: days, to 24:00 of the last. */
export interface Limit {
  basis: ClockBasis;
  amount: number;
}

/** When so much time after `from` is over. The day of `from` itself is not counted. [WD3] [WD4] */
export function dueAfter(from: number, { basis, amount }: Limit, calendar: WorkCalendar): Due {
  if (basis === 'wall') return { at: from + amount, provisional: false };
  // No whole day of it was left: what remains of this day, or of the next workday when this is none. Nothing remains of a
  // day that is over.
  if (amount <= 0) {
    const day = dayOf(from + 1);
    return basis === 'day' ? { at: endOf(day), provisional: false } : calendar.thisOrNextWorkday(day);
  }
  const day = dayOf(from);
  return basis === 'day' ? calendar.afterDays(day, amount) : calendar.afterWorkdays(day, amount);
}

interface Due {
  at: number;
  provisional: boolean;
}

/** The day that a due at its 24:00, or any time of it, belongs to. */
export const lastDay = (dueAt: number): Day => dayOf(dueAt - 1);

/** A moment of the day that it ends, if it is 24:00: what goes on then goes on at the end of that day. [T19] */
export const withinDay = (at: number): number => (at === startOf(dayOf(at)) ? at - 1 : at);

interface Counted {
  basis: ClockBasis;
  dueAt: number;
}

/** What is left at `now`, in the basis: time, or days after this one up to the last. Less than nothing when it is late. */
export function leftOf({ basis, dueAt }: Counted, now: number, calendar: WorkCalendar): number {
  if (basis === 'wall') return dueAt - now;
  const [today, last] = [dayOf(withinDay(now)), lastDay(dueAt)];
  if (basis === 'day') return daysBetween(today, last);
  return today <= last ? calendar.workdaysBetween(today, last) : -calendar.workdaysBetween(last, today);
}

const DAY_MS = 24 * 3_600_000;
const daysBetween = (from: Day, to: Day): number => Math.round((startOf(to) - startOf(from)) / DAY_MS);
