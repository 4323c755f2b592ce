import { dayOf, startOf } from '../calendar/day.js';

/** [A4] When somebody counts as unreachable. */
export interface UnreachableRule {
  /** Attempts that failed. */
  attempts: number;
  /** Between any two of them, ms. */
  apartMs: number;
  /** In so many bands of the day: morning, afternoon, evening. */
  bands: number;
  /** A short message has to be among what was tried besides. */
  message: boolean;
  /** Attempts outside these hours do not count, unless the matter is urgent [A19]. */
  fromHour: number;
  toHour: number;
}

export interface Attempt {
  channel: string;
  /** ms UTC */
  at: number;
}

const HOUR_MS = 3_600_000;
const NOON = 12;
const EVENING = 18;

const hourOf = (at: number): number => (at - startOf(dayOf(at))) / HOUR_MS;

/** [A19] Nobody is called at night, so an attempt then is none; an urgent matter knows no night. */
export const countsAsAttempt = (at: number, urgent: boolean, { fromHour, toHour }: UnreachableRule): boolean =>
  urgent || (hourOf(at) >= fromHour && hourOf(at) < toHour);

/** [A4] Whether these attempts, which count, are enough: as many as asked for, apart, over the day, and a message. */
export function isUnreachable(attempts: readonly Attempt[], rule: UnreachableRule): boolean {
  if (rule.message && !attempts.some(({ channel }) => channel === 'sms')) return false;
  const apart = farEnoughApart(
    attempts.filter(({ channel }) => channel !== 'sms').map(({ at }) => at),
    rule.apartMs,
  );
  return apart.length >= rule.attempts && new Set(apart.map(bandOf)).size >= rule.bands;
}

/** As many of the times as stand so far apart, oldest first. */
function farEnoughApart(times: readonly number[], apartMs: number): number[] {
  const kept: number[] = [];
  for (const at of [...times].sort((a, b) => a - b)) {
    if (kept.length === 0 || at - kept.at(-1)! >= apartMs) kept.push(at);
  }
  return kept;
}

function bandOf(at: number): 'morning' | 'afternoon' | 'evening' {
  const hour = hourOf(at);
  if (hour < NOON) return 'morning';
  return hour < EVENING ? 'afternoon' : 'evening';
}
