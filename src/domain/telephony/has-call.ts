import type { Actor } from '@minqing-hub/client-sdk/protocol';
import type { Call } from './call.js';

export type TakenCall = Pick<Call, 'seatId' | 'endedAt'> & {
  /** Who sat at the seat when it was answered there. */
  takenBy: string | null;
};

/** [CT4] Whoever has a call at their seat, and whoever had it for a while after. */
export function hasCall(
  { userId, seatId }: Pick<Actor, 'userId' | 'seatId'>,
  call: TakenCall,
  { now, afterMs }: { now: number; afterMs: number },
): boolean {
  const theirs = call.takenBy === null ? seatId !== undefined && seatId === call.seatId : call.takenBy === userId;
  return theirs && (call.endedAt === null || now - call.endedAt <= afterMs);
}
