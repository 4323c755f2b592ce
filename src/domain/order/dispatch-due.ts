import type { Grade, ResponseLevel } from '@minqing-hub/client-sdk/protocol';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The day of the rule is the country's one civil day; China has kept UTC+8 without summer time since 1992. */
const CHINA_OFFSET_MS = 8 * HOUR_MS;

/**
 * Until when an order must be dispatched (clock C1), ms UTC: critical at once, `expedited` also before 24:00
 * of the day [HL8], else the grade's limit [DI2] [DI3] [DI4]; the earliest wins.
 */
export function dispatchDueAt(
  from: number,
  { grade, responseLevel }: { grade: Grade; responseLevel: ResponseLevel },
  limitMs: Record<Grade, number>,
): number {
  const byGrade = from + limitMs[grade];
  if (responseLevel === 'critical') return from;
  if (responseLevel === 'expedited') return Math.min(byGrade, endOfDay(from));
  return byGrade;
}

function endOfDay(at: number): number {
  return (Math.floor((at + CHINA_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - CHINA_OFFSET_MS;
}
