import { ok, refuse, type Result } from '../result.js';
import type { QueueItem } from './queue-item.js';
import { isIdle, type Seat } from './seat.js';

export type ClaimDecision = 'take_offer' | 'pull' | 'already_held';

const expired = () => refuse('offer_expired', '这件工作提供给您的时间已过', { field: 'itemId', clause: 'QS5' });

/** May this seat have this item now, and as what? [QS3] [QS5] [QS6] */
export function decideClaim(item: QueueItem, seat: Seat, capacity: number, now: number): Result<ClaimDecision> {
  const heldByOther = () =>
    refuse('item_held_by_other', '这件工作已在其他座席手中', { field: 'itemId', clause: 'QS3' });
  switch (item.state) {
    case 'done':
      return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    case 'claimed':
      return item.seatId === seat.seatId ? ok('already_held') : heldByOther();
    case 'offered':
      if (item.seatId === seat.seatId) return now < item.offerEndsAt! ? ok('take_offer') : expired();
      return item.expiredSeatId === seat.seatId ? expired() : heldByOther();
    case 'queued':
      // Who let an offer pass gets it as an offer again, in turn, or not at all.
      if (item.expiredSeatId === seat.seatId) return expired();
      if (isIdle(seat, capacity)) return ok('pull');
      return seat.presence === 'ready'
        ? refuse('seat_holds_items', '请先办完手中的工作', { clause: 'QS6' })
        : refuse('seat_not_ready', '请先将座席置为就绪', { clause: 'QS6' });
  }
}
