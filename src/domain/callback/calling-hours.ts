const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHINA_MS = 8 * HOUR_MS;

/** The hours of a day, China time, in which people are called: from the first to before the second. */
export interface CallingHours {
  from: number;
  to: number;
}

/** [CB4] The earliest time from `at` on (ms UTC) at which people may be called. */
export function callableFrom(at: number, { from, to }: CallingHours): number {
  const midnight = midnightBefore(at);
  const [opens, closes] = [midnight + from * HOUR_MS, midnight + to * HOUR_MS];
  if (at < opens) return opens;
  return at < closes ? at : opens + DAY_MS;
}

/** [CB4] When the hours end in which `at` lies, or else those that begin next. */
export function callableUntil(at: number, hours: CallingHours): number {
  return midnightBefore(callableFrom(at, hours)) + hours.to * HOUR_MS;
}

const midnightBefore = (at: number) => Math.floor((at + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS;
