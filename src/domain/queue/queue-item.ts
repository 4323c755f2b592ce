import type { ItemState, QueueItemCard } from '@minqing-hub/client-sdk/protocol';

/** A piece of work in a live queue, from the moment it comes in until it is done. Times are ms UTC. */
export interface QueueItem extends Omit<QueueItemCard, 'state' | 'amberAt' | 'overdueAt'> {
  state: ItemState | 'done';
  /** When the order's clock that it waits by warns, and is told late; `null`: it waits by none, or that never warns. */
  amberAt: number | null;
  overdueAt: number | null;
  /** Set while it is offered: one offer, one id. */
  offerId: string | null;
  /** What it is sorted by among its equals in urgency: `dueOrderOf` when it came in, or was last given another due. */
  dueOrder: number;
  /** The seat that let the latest offer expire. */
  expiredSeatId: string | null;
  /** The seat that gave it up last, and when; until a seat claims it. [RT8] */
  givenUpBy: string | null;
  givenUpAt: number | null;
  /** Since when the seat that has claimed it has it in hand; kept when it is done. */
  claimedAt: number | null;
}

/** By when something is to be done about it, and what is told of that. */
export type ItemDue = Pick<QueueItem, 'dueAt' | 'amberAt' | 'overdueAt'>;

const unheld = { seatId: null, offerId: null, offerEndsAt: null } as const;
const notGivenUp = { givenUpBy: null, givenUpAt: null } as const;

/**
 * What can happen to an item: queued → offered → claimed → done, and back to queued. [QS3]
 * `undefined`: not from this state.
 */
export const itemMoves = {
  offer: (item: QueueItem, offer: { seatId: string; offerId: string; endsAt: number }): QueueItem | undefined =>
    item.state === 'queued'
      ? { ...item, state: 'offered', seatId: offer.seatId, offerId: offer.offerId, offerEndsAt: offer.endsAt }
      : undefined,

  /** An offer that was taken, or a waiting item that a seat takes by itself. */
  claim: (item: QueueItem, seatId: string, now: number): QueueItem | undefined =>
    item.state === 'queued' || (item.state === 'offered' && item.seatId === seatId)
      ? {
          ...item,
          ...unheld,
          ...notGivenUp,
          state: 'claimed',
          seatId,
          atHead: false,
          expiredSeatId: null,
          claimedAt: now,
        }
      : undefined,

  /** From hand to hand: another seat goes on with what this one had begun. [PS8] */
  handOver: (item: QueueItem, seatId: string, now: number): QueueItem | undefined =>
    item.state === 'claimed' ? { ...item, seatId, claimedAt: now } : undefined,

  /** Given up by its seat, which may be gone: back to the head. [QS2] */
  giveBack: (item: QueueItem, now: number): QueueItem | undefined =>
    item.state === 'offered' || item.state === 'claimed'
      ? {
          ...item,
          ...unheld,
          state: 'queued',
          atHead: true,
          expiredSeatId: null,
          givenUpBy: item.seatId,
          givenUpAt: now,
          claimedAt: null,
        }
      : undefined,

  /** Nobody took the offer in time: back to its place, which it never lost. [QS5] */
  expire: (item: QueueItem): QueueItem | undefined =>
    item.state === 'offered' ? { ...item, ...unheld, state: 'queued', expiredSeatId: item.seatId } : undefined,

  /** Its due is another one, and so its place, or what is told of it is, whoever has it. */
  redue: (item: QueueItem, due: ItemDue & Pick<QueueItem, 'dueOrder'>): QueueItem | undefined =>
    item.state === 'done' || isSameDue(item, due) ? undefined : { ...item, ...due },

  finish: (item: QueueItem): QueueItem | undefined =>
    item.state === 'done' ? undefined : { ...item, ...unheld, state: 'done', seatId: item.seatId },
} as const;

export const isSameDue = (a: ItemDue, b: ItemDue): boolean =>
  a.dueAt === b.dueAt && a.amberAt === b.amberAt && a.overdueAt === b.overdueAt;
