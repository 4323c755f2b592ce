import type { CallStats } from '@minqing-hub/client-sdk/protocol';
import type { Call } from './call.js';

export type CountedCall = Pick<Call, 'offeredAt' | 'answeredAt' | 'abandonedAt'>;

/** Somebody called who was put off before the call had a row: another number, or nobody's matter. */
export interface CountedContact {
  at: number;
  kind: 'transfer' | 'wrong_number';
}

export const DAY_MS = 24 * 3_600_000;

/** When a call first was one that somebody could have answered; `null`: not yet. */
export function cameAt({ offeredAt, answeredAt, abandonedAt }: CountedCall): number | null {
  const first = Math.min(offeredAt ?? Infinity, answeredAt ?? Infinity, abandonedAt ?? Infinity);
  return first === Infinity ? null : first;
}

/**
 * [CT6] Of the calls that came within the last 24 hours: how many were answered, and of those how many within the
 * time that the standard gives. A rate of nothing is `null`; an answer to a call of whose coming nobody told was not in time.
 */
export function callStats(
  calls: Iterable<CountedCall>,
  contacts: Iterable<CountedContact>,
  now: number,
  withinMs: number,
): CallStats {
  const counts = { offered: 0, answered: 0, abandoned: 0, answeredWithin15s: 0, transferred: 0, wrongNumbers: 0 };
  const inWindow = (at: number | null): at is number => at !== null && at > now - DAY_MS;
  for (const call of calls) {
    if (!inWindow(cameAt(call))) continue;
    counts.offered += 1;
    if (call.answeredAt !== null) {
      counts.answered += 1;
      if (call.offeredAt !== null && call.answeredAt - call.offeredAt <= withinMs) counts.answeredWithin15s += 1;
    } else if (call.abandonedAt !== null) counts.abandoned += 1;
  }
  for (const { at, kind } of contacts) {
    if (inWindow(at)) counts[kind === 'transfer' ? 'transferred' : 'wrongNumbers'] += 1;
  }
  return {
    ...counts,
    connectRate: rate(counts.answered, counts.offered),
    answeredWithin15sRate: rate(counts.answeredWithin15s, counts.answered),
  };
}

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
