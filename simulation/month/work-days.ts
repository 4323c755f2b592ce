/** A day in Shanghai, counted from 1970-01-01. China has kept UTC+8 without summer time since 1992. */
export type DayNumber = number;

/** What the State Council says of a year: days off, weekend days that are worked for them, `YYYY-MM-DD`. */
export interface Notice {
  year: number;
  off: readonly string[];
  work: readonly string[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHANGHAI_MS = 8 * HOUR_MS;

export const dayAt = (at: number): DayNumber => Math.floor((at + SHANGHAI_MS) / DAY_MS);
export const startOfDay = (day: DayNumber): number => day * DAY_MS - SHANGHAI_MS;
/** 24:00. */
export const endOfDay = (day: DayNumber): number => startOfDay(day + 1);
export const dayNamed = (name: string): DayNumber => Date.parse(`${name}T00:00:00Z`) / DAY_MS;
export const nameOfDay = (day: DayNumber): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** Hours since 0:00, with fractions. */
export const hourAt = (at: number): number => (at - startOfDay(dayAt(at))) / HOUR_MS;

export const yearOf = (day: DayNumber): number => Number(nameOfDay(day).slice(0, 4));
/** 1970-01-01 was a Thursday. */
const isWeekend = (day: DayNumber): boolean => [0, 6].includes((day + 4) % 7);

/**
 * The feasts that follow moon and sun, `MM-DD`, written down from almanacs: the hub computes them. A month that needs
 * another year is refused.
 */
const FEASTS: Record<number, { springFestival: string; qingming: string; dragonBoat: string; midAutumn: string }> = {
  2026: { springFestival: '02-17', qingming: '04-05', dragonBoat: '06-19', midAutumn: '09-25' },
  2027: { springFestival: '02-06', qingming: '04-05', dragonBoat: '06-09', midAutumn: '09-15' },
  2028: { springFestival: '01-26', qingming: '04-04', dragonBoat: '05-28', midAutumn: '10-03' },
  2029: { springFestival: '02-13', qingming: '04-04', dragonBoat: '06-16', midAutumn: '09-22' },
  2030: { springFestival: '02-03', qingming: '04-05', dragonBoat: '06-05', midAutumn: '09-12' },
  2031: { springFestival: '01-23', qingming: '04-05', dragonBoat: '06-24', midAutumn: '10-01' },
  2032: { springFestival: '02-11', qingming: '04-04', dragonBoat: '06-12', midAutumn: '09-19' },
};
export const KNOWN_YEARS = Object.keys(FEASTS).map(Number);

export const springFestivalOf = (year: number): DayNumber => dayNamed(`${year}-${feastsOf(year).springFestival}`);

/** The 13 days off of the law: New Year, New Year's Eve to the third of the first month, and so on. */
export function lawfulDays(year: number): DayNumber[] {
  const { qingming, dragonBoat, midAutumn } = feastsOf(year);
  const spring = springFestivalOf(year);
  return [
    ...['01-01', qingming, '05-01', '05-02', dragonBoat, midAutumn, '10-01', '10-02', '10-03'].map((day) =>
      dayNamed(`${year}-${day}`),
    ),
    ...[-1, 0, 1, 2].map((later) => spring + later),
  ].sort((a, b) => a - b);
}

function feastsOf(year: number) {
  const feasts = FEASTS[year];
  if (!feasts) throw new RangeError(`No feasts are written down for ${year}`);
  return feasts;
}

/** Which days are worked, by the notices that there are; of a year without one by the law. */
export class WorkDays {
  private readonly said = new Map<DayNumber, boolean>();
  private readonly noticed: ReadonlySet<number>;

  constructor(readonly notices: readonly Notice[]) {
    this.noticed = new Set(notices.map(({ year }) => year));
    for (const { off, work } of [...notices].sort((a, b) => a.year - b.year)) {
      for (const day of off) this.said.set(dayNamed(day), false);
      for (const day of work) this.said.set(dayNamed(day), true);
    }
  }

  isWorked(day: DayNumber): boolean {
    return (
      this.said.get(day) ??
      (!isWeekend(day) && (this.noticed.has(yearOf(day)) || !lawfulDays(yearOf(day)).includes(day)))
    );
  }

  isNoticed(year: number): boolean {
    return this.noticed.has(year);
  }

  /** The n-th workday after `day`; `provisional`: a day on the way is of a year without a notice. */
  after(day: DayNumber, n: number): { day: DayNumber; provisional: boolean } {
    let provisional = false;
    for (let left = n; left > 0;) {
      day += 1;
      provisional ||= !this.noticed.has(yearOf(day));
      if (this.isWorked(day)) left -= 1;
    }
    return { day, provisional };
  }

  /** Workdays after `from`, up to `to`. */
  between(from: DayNumber, to: DayNumber): number {
    let worked = 0;
    for (let day = from + 1; day <= to; day += 1) if (this.isWorked(day)) worked += 1;
    return worked;
  }
}
