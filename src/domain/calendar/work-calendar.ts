import { type Day, daysFrom, endOf, plusDays, weekdayOf, yearOf } from './day.js';

/** What the State Council's notice says of one year: the days that are off, and the weekend days that are worked. */
export interface HolidayNotice {
  year: number;
  /** Days that are free, and days (of a weekend) that are worked for them. */
  off: readonly Day[];
  work: readonly Day[];
}

/** The days off that the law itself gives a year. [WD2] */
export type StatutoryDays = (year: number) => readonly Day[];

/** When something is due that was given so many days. `provisional`: a year on the way has no notice yet. */
export interface Due {
  /** The last day; it counts to its end. */
  day: Day;
  /** 24:00 of that day, ms UTC. */
  at: number;
  provisional: boolean;
}

/** No limit is longer: a count that runs on beyond it asks about a calendar that nobody knows. */
const MOST_DAYS = 3_660;

/**
 * Which days are worked. [WD1] A notice decides; [WD2] a year without one has its statutory days off and its weekends, and
 * what is counted across such a year is provisional.
 */
export class WorkCalendar {
  private readonly worked = new Map<Day, boolean>();
  private readonly noticed = new Set<number>();
  private readonly statutory = new Map<number, ReadonlySet<Day>>();

  constructor(
    notices: Iterable<HolidayNotice>,
    private readonly statutoryDays: StatutoryDays,
  ) {
    for (const { year, off, work } of notices) {
      this.noticed.add(year);
      for (const day of off) this.worked.set(day, false);
      for (const day of work) this.worked.set(day, true);
    }
  }

  isWorkday(day: Day): boolean {
    const told = this.worked.get(day);
    if (told !== undefined) return told;
    const weekend = [0, 6].includes(weekdayOf(day));
    return !weekend && (this.noticed.has(yearOf(day)) || !this.statutoryOf(yearOf(day)).has(day));
  }

  isNoticed(year: number): boolean {
    return this.noticed.has(year);
  }

  /** [WD3] The end of the n-th workday after `start`, which is not counted itself. `n` from 1. */
  afterWorkdays(start: Day, n: number): Due {
    let day = start;
    let provisional = false;
    for (let left = n, passed = 0; left > 0; passed += 1) {
      if (passed > MOST_DAYS) throw new RangeError(`${n} workdays after ${start} lie beyond every calendar`);
      day = plusDays(day, 1);
      provisional ||= !this.noticed.has(yearOf(day));
      if (this.isWorkday(day)) left -= 1;
    }
    return { day, at: endOf(day), provisional };
  }

  /** The end of `day` if it is a workday, else of the next one: provisional already where a notice may say otherwise of it. */
  thisOrNextWorkday(day: Day): Due {
    const unsure = !this.noticed.has(yearOf(day));
    const next = this.isWorkday(day) ? { day, at: endOf(day), provisional: false } : this.afterWorkdays(day, 1);
    return { ...next, provisional: unsure || next.provisional };
  }

  /** [WD4] The end of the n-th natural day after `start`; holidays count like other days. */
  afterDays(start: Day, n: number): Due {
    const day = plusDays(start, n);
    return { day, at: endOf(day), provisional: false };
  }

  /** How many workdays lie after `from`, up to `to`, which is counted. */
  workdaysBetween(from: Day, to: Day): number {
    let workdays = 0;
    for (const day of daysFrom(plusDays(from, 1), to)) if (this.isWorkday(day)) workdays += 1;
    return workdays;
  }

  /** The last workday up to `day`, which counts. */
  lastWorkday(day: Day): Day {
    let found = day;
    for (let passed = 0; !this.isWorkday(found); passed += 1) {
      if (passed > MOST_DAYS) throw new RangeError(`There is no workday up to ${day}`);
      found = plusDays(found, -1);
    }
    return found;
  }

  private statutoryOf(year: number): ReadonlySet<Day> {
    let days = this.statutory.get(year);
    if (!days) this.statutory.set(year, (days = new Set(this.statutoryDays(year))));
    return days;
  }
}
