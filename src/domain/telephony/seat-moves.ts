import type { Presence } from '@minqing-hub/client-sdk/protocol';
import type { Call } from './call.js';

export interface SeatMove {
  seatId: string;
  /** `spoke_late`: its call ended so long ago that nothing is left to write up. */
  to: 'speaks' | 'spoke' | 'spoke_late';
}

export interface CallTimes {
  now: number;
  /** How long a seat writes up what was said. */
  wrapUpMs: number;
  /** A call that is spoken for longer has lost its end on the way. [CT7] */
  longestMs: number;
}

/** [CT3] What a call's getting from one stand to the next means for the seats that speak in it. */
export function seatMoves(before: Call, after: Call, { now, wrapUpMs, longestMs }: CallTimes): SeatMove[] {
  const moves: SeatMove[] = [];
  for (const seatId of after.live) {
    if (before.live.includes(seatId) || now - after.answeredAt! >= longestMs) continue;
    moves.push({ seatId, to: 'speaks' });
  }
  for (const [seatId, at] of Object.entries(after.ended)) {
    if (seatId in before.ended) continue;
    if (now - at < wrapUpMs) moves.push({ seatId, to: 'spoke' });
    else if (before.live.includes(seatId)) moves.push({ seatId, to: 'spoke_late' });
  }
  return moves;
}

/**
 * [CT3] The presence that a seat gets by it; `null`: it stays as it is. Who is away, learns or has a break is left
 * alone, and who speaks in another call goes on speaking.
 */
export function presenceAfter(
  presence: Presence,
  to: SeatMove['to'],
  speaksElsewhere: boolean,
): 'busy' | 'wrap_up' | 'ready' | null {
  if (to === 'speaks') return presence === 'ready' || presence === 'wrap_up' ? 'busy' : null;
  if (speaksElsewhere) return null;
  if (to === 'spoke') return presence === 'ready' || presence === 'busy' ? 'wrap_up' : null;
  return presence === 'busy' ? 'ready' : null;
}
