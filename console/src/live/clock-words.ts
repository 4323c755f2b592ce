import type { ClockView } from '@minqing-hub/client-sdk/protocol';
import { clockNames } from '../words.js';
import { countWords, spanWords } from './time-words.js';
import { isOpen, isOwed } from './order-clocks.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** Days of the rule book are days in China, wherever the computer believes to be. */
const CHINA = 8 * HOUR;

const pad = (n: number): string => String(n).padStart(2, '0');
/** With its parts to be read as UTC. */
const inChina = (at: number): Date => new Date(at + CHINA);

/** A day's end is told as 24:00 of that day, not as the beginning of the next: 11-27 24:00, 今天 18:05 (unless `dated`). */
export function dueWords(at: number, now: number, dated = false): string {
  const endsDay = (at + CHINA) % DAY === 0;
  const day = inChina(endsDay ? at - 1 : at);
  const time = endsDay ? '24:00' : inChina(at).toISOString().slice(11, 16);
  const today = inChina(now);
  const date = `${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;
  if (day.getUTCFullYear() !== today.getUTCFullYear()) return `${day.getUTCFullYear()}-${date} ${time}`;
  const isToday = day.toISOString().slice(0, 10) === today.toISOString().slice(0, 10);
  return isToday && !dated ? `今天 ${time}` : `${date} ${time}`;
}

/** The day in China that a moment lies in: `2026-11-21`. */
export const chinaDay = (at: number): string => inChina(at).toISOString().slice(0, 10);

/** 3天 04:05:09 where every second is told, 3天4时 where a row has no room; less than a day always to the second. */
function lengthWords(ms: number, whole: boolean): string {
  if (ms < DAY) return countWords(ms);
  if (!whole) return spanWords(ms);
  const rest = ms % DAY;
  const of = (unit: number, each: number) => pad(Math.floor(rest / unit) % each);
  return `${Math.floor(ms / DAY)}天 ${of(HOUR, 24)}:${of(60 * SECOND, 60)}:${of(SECOND, 60)}`;
}

/** So many whole seconds are left, or have gone by since: 0:00 is told when it is due, not a second before. */
const secondsLeft = (ms: number): number => Math.ceil(ms / SECOND) * SECOND;
const secondsOver = (ms: number): number => Math.floor(ms / SECOND) * SECOND;

/** What is left of it, or how long it is over, at the hub's time `now`. `whole`: days with their hours to the second. */
export function leftWords(clock: ClockView, now: number, whole = false): string {
  const { dueAt, state, endedAt, basis, limit } = clock;
  if (!isOpen(clock)) return `曾超 ${lengthWords(secondsOver(Math.max(0, (endedAt ?? now) - dueAt)), whole)}`;
  if (state === 'paused') return '暂停';
  const left = dueAt - now;
  if (left > 0) return `剩 ${lengthWords(secondsLeft(left), whole)}`;
  if (!isOwed(clock)) return '已截止';
  const over = lengthWords(secondsOver(-left), whole);
  return basis === 'wall' && limit === 0 ? `即时 已过 ${over}` : `超 ${over}`;
}

/** 30 分钟, 24 小时, 3 个自然日, 15 个工作日; each in its own basis. */
export function limitWords({ basis, limit }: Pick<ClockView, 'basis' | 'limit'>): string {
  if (basis === 'day') return `${limit} 个自然日`;
  if (basis === 'workday') return `${limit} 个工作日`;
  if (limit === 0) return '即时';
  if (limit % HOUR === 0) return `${limit / HOUR} 小时`;
  return limit % 60_000 === 0 ? `${limit / 60_000} 分钟` : `${limit / SECOND} 秒`;
}

/** One sentence, for where a row has no room for more. It tells no digits that move. */
export function clockSentence(clock: ClockView, now: number): string {
  const said = [clockNames[clock.clock], `时限 ${limitWords(clock)}`, `${dueWords(clock.dueAt, now)} 到期`];
  if (clock.provisional) said.push('暂定');
  if (clock.state === 'paused') said.push(clock.pausedFor === 'review' ? '会签期间暂停' : '挂账期间暂停');
  return said.join('，');
}
