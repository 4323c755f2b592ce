import { Arguments } from '../arguments.js';
import type { Environment } from '../environment.js';
import { dayAt, dayNamed, KNOWN_YEARS, nameOfDay, springFestivalOf } from './work-days.js';

export interface MonthOptions {
  /** The first day, and how many. */
  start: string;
  days: number;
  orders: number;
  seed: number;
  kills: number;
  /** More than none: the alarms lie in a Redis of the run's own. */
  redisLosses: number;
  alarms: 'in-process' | 'bull';
  /** Later than this, beside the time that the hub was down, is too late. */
  mostLateMs: number;
  report: string | null;
  configDir: string;
  password: string;
}

const USAGE = `Usage: npm run simulate-month -- [options]
  --days N           how many days pass (default 31)
  --orders N         requests that come in (default 120)
  --seed N           of everything that happens (default 1)
  --start YYYY-MM-DD the first day, after today (default: twelve days before the next Spring Festival or National Day)
  --kills N          how often the hub is killed (default 0)
  --redis-losses N   how often Redis forgets everything or is gone for a while (default 0)
  --alarms WHERE     in-process (default) or bull, where alarms lie; losses of Redis ask for bull
  --most-late MS     how late a signal may be said, beside the time that the hub was down (default 2000)
  --report FILE      writes the report there too`;

const NAMES = ['days', 'orders', 'seed', 'start', 'kills', 'redis-losses', 'alarms', 'most-late', 'report'] as const;

/** @throws {Fault} with what is wrong and how it is used. */
export function readOptions(args: string[], environment: Environment, now: number): MonthOptions {
  const given = new Arguments(args, NAMES, USAGE);
  const redisLosses = given.whole('redis-losses', { absent: 0, least: 0, most: 100 });
  const alarms = given.text('alarms') ?? (redisLosses > 0 ? 'bull' : 'in-process');
  if (alarms !== 'bull' && alarms !== 'in-process') throw given.fault('--alarms is in-process or bull');
  if (redisLosses > 0 && alarms !== 'bull') throw given.fault('--redis-losses asks for --alarms bull');
  const days = given.whole('days', { absent: 31, least: 1, most: 92 });
  return {
    start: startOf(given, now, days),
    days,
    orders: given.whole('orders', { absent: 120, least: 1, most: 10_000 }),
    seed: given.whole('seed', { absent: 1, least: 0 }),
    kills: given.whole('kills', { absent: 0, least: 0, most: 100 }),
    redisLosses,
    alarms,
    mostLateMs: given.whole('most-late', { absent: 2_000, least: 0 }),
    report: given.text('report') ?? null,
    configDir: environment.configDir,
    password: environment.demoPassword,
  };
}

function startOf(given: Arguments<'start'>, now: number, days: number): string {
  const start = given.text('start') ?? nextHolidays(now);
  const first = /^\d{4}-\d{2}-\d{2}$/.test(start) ? dayNamed(start) : NaN;
  if (!(first > dayAt(now)) || nameOfDay(first) !== start) throw given.fault('--start is a day after today');
  // Limits of 30 workdays and their last signal reach two months beyond the end.
  const years = [start, nameOfDay(first + days + 70)].map((day) => Number(day.slice(0, 4)));
  if (first - dayAt(now) > 399 || !years.every((year) => KNOWN_YEARS.includes(year))) {
    throw given.fault('--start lies too far ahead');
  }
  return start;
}

const BEFORE_HOLIDAYS = 12;

/** The long holidays of the year, whose notices move most. */
function nextHolidays(now: number): string {
  const begins = KNOWN_YEARS.flatMap((year) => [springFestivalOf(year) - 1, dayNamed(`${year}-10-01`)])
    .map((day) => day - BEFORE_HOLIDAYS)
    .sort((a, b) => a - b);
  return nameOfDay(begins.find((day) => day > dayAt(now)) ?? dayAt(now) + 1);
}
