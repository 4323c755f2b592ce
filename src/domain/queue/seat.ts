import type { Presence, QueueId, SkillLevel } from '@minqing-hub/client-sdk/protocol';

/** A place of work in the call centre and who sits there now. Times are ms UTC. */
export interface Seat {
  seatId: string;
  userId: string;
  presence: Presence;
  presenceSince: number;
  /** When this presence ends by itself, or has lasted too long; `null`: no limit. */
  presenceUntil: number | null;
  /** The clock that says so. */
  presenceClock: string | null;
  /** Since when its user has been signed on; `null`: nobody is. */
  signedOnAt: number | null;
  /** The rostered shift that is being worked, and when it (or the time stayed on) ends. */
  shiftId: string | null;
  shiftEndsAt: number | null;
  /** While in training: the seat it listens to. */
  listensTo: string | null;
  /** What its user can. */
  skills: SkillLevel[];
  /** How many items it has taken in hand since it was signed on. */
  taken: number;
  queues: QueueId[];
  /** How many items are offered to it or claimed by it. An offline seat has none. [QS7] */
  held: number;
  /** Since when it has had nothing, or was last passed over: who waits longest is first. */
  idleSince: number;
  /** When it last let an offer pass; `null`: not since it last took one. */
  missedAt: number | null;
  /** The clock that counts since its last socket went, while none is back. */
  graceId: string | null;
}

/** It is offered something. */
export const takesOne = (seat: Seat): Seat => ({ ...seat, held: seat.held + 1 });

/** It claims what it was offered. */
export const takesInHand = (seat: Seat): Seat => ({ ...seat, taken: seat.taken + 1, missedAt: null });

/** It lets an offer pass. [RT7] */
export const letsPass = (seat: Seat, now: number): Seat => ({ ...losesOne(seat, now), missedAt: now });

/** From here on it waits anew, behind all that have been waiting. */
export const losesOne = (seat: Seat, now: number): Seat => ({ ...seat, held: seat.held - 1, idleSince: now });

export type LettingGo = 'everything' | 'offers' | 'nothing';

/** [QS7] What a seat gives up when its presence changes: offline keeps nothing, a break keeps what is begun. */
export function givesUp(presence: Presence): LettingGo {
  switch (presence) {
    case 'offline':
      return 'everything';
    case 'break':
    case 'training':
      return 'offers';
    case 'ready':
    case 'busy':
    case 'wrap_up':
      return 'nothing';
  }
}

/** A seat at which nobody has sat yet. */
export const newSeat = (seatId: string, userId: string, queues: QueueId[], now: number): Seat => ({
  seatId,
  userId,
  presence: 'offline',
  presenceSince: now,
  presenceUntil: null,
  presenceClock: null,
  signedOnAt: null,
  shiftId: null,
  shiftEndsAt: null,
  listensTo: null,
  skills: [],
  taken: 0,
  queues,
  held: 0,
  idleSince: now,
  missedAt: null,
  graceId: null,
});
