import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';

/** No limit is longer, by the unit that it is given in: a count that runs on further asks about a calendar that nobody knows. [PC2] [LI3] */
export const LONGEST_LIMIT = { min: 43_200, h: 8_760, day: 1_000, workday: 1_000 } as const;

const HOUR_MS = 3_600_000;

/** The same as clocks count it, with all that extensions add. [EX1] */
export const LONGEST_COUNT: Readonly<Record<ClockBasis, number>> = {
  wall: LONGEST_LIMIT.h * HOUR_MS,
  day: LONGEST_LIMIT.day,
  workday: LONGEST_LIMIT.workday,
};
