const SHANGHAI_OFFSET = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** When the day of `at` began in Shanghai (UTC+8, no summer time), ms UTC. */
export const dayStart = (at: number): number => Math.floor((at + SHANGHAI_OFFSET) / DAY_MS) * DAY_MS - SHANGHAI_OFFSET;
