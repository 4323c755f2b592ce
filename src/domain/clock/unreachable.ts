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

/**
 * [A4] Whether among these attempts, which count, there are enough: as many as asked for, each apart from every other, over
 * the day, and a message. One more attempt never makes anybody reachable.
 */
export function isUnreachable(attempts: readonly Attempt[], rule: UnreachableRule): boolean {
  if (rule.message && !attempts.some(({ channel }) => channel === 'sms')) return false;
  const times = attempts.filter(({ channel }) => channel !== 'sms').map(({ at }) => at);
  return mostApart(times, rule.apartMs).some((most, bands) => most >= rule.attempts && countOf(bands) >= rule.bands);
}

/** Of times that stand so far apart the most that can be chosen, for each set of bands (a bit each) that they lie in. */
function mostApart(times: readonly number[], apartMs: number): number[] {
  const sorted = [...times].sort((a, b) => a - b);
  /** By the last one that was chosen. */
  const endingAt: number[][] = [];
  for (const at of sorted) {
    const most = Array<number>(SETS).fill(0);
    const before = endingAt.filter((_, i) => at - sorted[i]! >= apartMs);
    for (const chosen of [NONE, ...before]) {
      for (const [bands, count] of chosen.entries()) {
        if (count === 0 && bands !== 0) continue;
        const within = bands | bandOf(at);
        most[within] = Math.max(most[within]!, count + 1);
      }
    }
    endingAt.push(most);
  }
  return NONE.map((_, bands) => Math.max(0, ...endingAt.map((most) => most[bands]!)));
}

/** Morning, afternoon, evening: every set of them. */
const SETS = 8;
const NONE: readonly number[] = Array<number>(SETS).fill(0);
const countOf = (bands: number): number => [1, 2, 4].filter((band) => (bands & band) !== 0).length;

function bandOf(at: number): 1 | 2 | 4 {
  const hour = hourOf(at);
  if (hour < NOON) return 1;
  return hour < EVENING ? 2 : 4;
}
