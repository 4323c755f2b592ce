import type { Presence, QueueId } from '@minqing-hub/client-sdk/protocol';
import { endOf, type WorkedShift } from './rostered-shift.js';

/** A seat at which somebody is signed on. */
export interface MannedSeat {
  seatId: string;
  userId: string;
  presence: Presence;
  queues: readonly QueueId[];
  held: number;
}

/** Who rests or learns is not handed work to go on with. */
const AT_WORK: readonly Presence[] = ['ready', 'busy', 'wrap_up'];

/**
 * [SH7] Where the work of a seat goes whose shift ends: to where the one is signed on whom the roster names next for this
 * seat, else next for a queue of it: of those whose shift began last, who has least in hand. `undefined`: to nobody, because
 * none of them is there and at work with less than `most` in hand, or no shift is about to change.
 */
export function nextSeat(
  ending: { shift: WorkedShift; seat: MannedSeat },
  others: readonly WorkedShift[],
  manned: readonly MannedSeat[],
  { now, earlyMs, most }: { now: number; earlyMs: number; most: number },
): string | undefined {
  const { shift, seat } = ending;
  if (now < endOf(shift) - earlyMs) return undefined;
  const seatOf = new Map(
    manned.filter(({ presence, held }) => AT_WORK.includes(presence) && held < most).map((each) => [each.userId, each]),
  );
  const next = others
    .filter((other) => other.userId !== seat.userId && other.startsAt > shift.startsAt)
    .filter((other) => other.startsAt - earlyMs <= now && now < endOf(other))
    .flatMap((other) => {
      const there = seatOf.get(other.userId);
      const serves = there?.queues.filter((queueId) => seat.queues.includes(queueId)).length ?? 0;
      return there && there.seatId !== seat.seatId && serves > 0 ? [{ other, there, serves }] : [];
    });
  const atSeat = next
    .filter(({ other }) => other.seatId === seat.seatId)
    .sort((a, b) => a.other.startsAt - b.other.startsAt)[0];
  if (atSeat) return atSeat.there.seatId;
  next.sort(
    (a, b) =>
      b.serves - a.serves ||
      b.other.startsAt - a.other.startsAt ||
      a.there.held - b.there.held ||
      (a.there.seatId < b.there.seatId ? -1 : 1),
  );
  return next[0]?.there.seatId;
}
