import type { ItemState, QueueItemCard } from '@minqing-hub/client-sdk/protocol';

/** A piece of work in a live queue, from the moment it comes in until it is done. Times are ms UTC. */
export interface QueueItem extends Omit<QueueItemCard, 'state'> {
  state: ItemState | 'done';
  /** Set while it is offered: one offer, one id. */
  offerId: string | null;
  /** The seat that let the latest offer expire. */
  expiredSeatId: string | null;
  /** Since when the seat that has claimed it has it in hand; kept when it is done. */
  claimedAt: number | null;
}

const unheld = { seatId: null, offerId: null, offerEndsAt: null } as const;

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
  claim: (item: QueueItem, seatId: string): QueueItem | undefined =>
    item.state === 'queued' || (item.state === 'offered' && item.seatId === seatId)
      ? { ...item, ...unheld, state: 'claimed', seatId, atHead: false, expiredSeatId: null }
      : undefined,

  /** Given up by its seat, which may be gone: back to the head. [QS2] */
  giveBack: (item: QueueItem): QueueItem | undefined =>
    item.state === 'offered' || item.state === 'claimed'
      ? { ...item, ...unheld, state: 'queued', atHead: true, expiredSeatId: null }
      : undefined,

  /** Nobody took the offer in time: back to its place, which it never lost. [QS5] */
  expire: (item: QueueItem): QueueItem | undefined =>
    item.state === 'offered' ? { ...item, ...unheld, state: 'queued', expiredSeatId: item.seatId } : undefined,

  finish: (item: QueueItem): QueueItem | undefined =>
    item.state === 'done' ? undefined : { ...item, ...unheld, state: 'done', seatId: item.seatId },
} as const;
