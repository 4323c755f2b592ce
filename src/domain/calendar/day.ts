import { dayStart } from './day-start.js';

const DAY_MS = 24 * 3_600_000;
const SHANGHAI_OFFSET = 8 * 3_600_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A day in Shanghai, `YYYY-MM-DD`: text that sorts as time does. */
export type Day = string;

/** `undefined` when the text names no day that exists. */
export function dayFrom(text: string): Day | undefined {
  const [, year, month, day] = (DAY.exec(text) ?? []).map(Number);
  if (year === undefined) return undefined;
  const date = new Date(Date.UTC(year, month! - 1, day));
  return date.getUTCMonth() === month! - 1 && date.getUTCDate() === day ? text : undefined;
}

/** The day in which an instant lies. */
export const dayOf = (at: number): Day => new Date(dayStart(at) + SHANGHAI_OFFSET).toISOString().slice(0, 10);

/** When the day begins, ms UTC. */
export const startOf = (day: Day): number => Date.parse(`${day}T00:00:00.000+08:00`);

/** 24:00 of the day, which is 0:00 of the next, ms UTC. */
export const endOf = (day: Day): number => startOf(day) + DAY_MS;

export const plusDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export const yearOf = (day: Day): number => Number(day.slice(0, 4));

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** Every day from one to another, both counted. */
export function* daysFrom(from: Day, to: Day): Iterable<Day> {
  for (let day = from; day <= to; day = plusDays(day, 1)) yield day;
}
