import { type Day, dayFrom, yearOf } from '../domain/calendar/day.js';
import { FIRST_YEAR, isKnownYear, LAST_YEAR } from '../domain/calendar/known-years.js';
import { splitFlags, WrongCall } from './program.js';

const MOST = 1_000;

const USAGE = `用法：npm run due -- 起始日 N [--days]
  起始日  YYYY-MM-DD，${FIRST_YEAR} 至 ${LAST_YEAR} 年，当日不计
  N       工作日天数（加 --days 为自然日），1 至 ${MOST}`;

/** What somebody wants to know: so many workdays, or natural days, after a day. */
export interface DueAsked {
  start: Day;
  n: number;
  natural: boolean;
}

/** @throws {WrongCall} that says which part is wrong. */
export function dueAsked(args: readonly string[]): DueAsked {
  const { flags, rest } = splitFlags(args, ['--days']);
  const [given, count, ...more] = rest;
  if (given === undefined || count === undefined) throw wrong('缺少起始日或天数');
  if (more.length > 0) throw wrong(`多余的参数：${more.join(' ')}`);
  const start = dayFrom(given);
  if (start === undefined) throw wrong(`起始日不是日期：${given}`);
  if (!isKnownYear(yearOf(start))) throw wrong(`起始日不在 ${FIRST_YEAR} 至 ${LAST_YEAR} 年之间：${given}`);
  const n = /^\d{1,4}$/.test(count) ? Number(count) : 0;
  if (n < 1 || n > MOST) throw wrong(`天数应为 1 至 ${MOST} 的整数：${count}`);
  return { start, n, natural: flags.has('--days') };
}

const wrong = (what: string) => new WrongCall(`${what}\n${USAGE}`);
