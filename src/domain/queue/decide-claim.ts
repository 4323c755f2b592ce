import { ok, refuse, type Result } from '../result.js';
import { askedFor, canDo } from '../routing/asked-for.js';
import { type Candidate, type Floor, hasRoom } from '../routing/routing.js';
import type { QueueItem } from './queue-item.js';

export type ClaimDecision = 'take_offer' | 'pull' | 'already_held';

const expired = () => refuse('offer_expired', '这件工作提供给您的时间已过', { field: 'itemId', clause: 'QS5' });

/** May this seat have this item now, and as what? [QS3] [QS5] [QS6] */
export function decideClaim(item: QueueItem, seat: Candidate, floor: Floor): Result<ClaimDecision> {
  const heldByOther = () =>
    refuse('item_held_by_other', '这件工作已在其他座席手中', { field: 'itemId', clause: 'QS3' });
  switch (item.state) {
    case 'done':
      return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    case 'claimed':
      return item.seatId === seat.seatId ? ok('already_held') : heldByOther();
    case 'offered':
      if (item.seatId === seat.seatId) return floor.now < item.offerEndsAt! ? ok('take_offer') : expired();
      return item.expiredSeatId === seat.seatId ? expired() : heldByOther();
    case 'queued':
      // Who let an offer pass gets it as an offer again, in turn, or not at all.
      return item.expiredSeatId === seat.seatId ? expired() : decidePull(item, seat, floor);
  }
}

/** [QS6] */
function decidePull(item: QueueItem, seat: Candidate, { now, rules, signedOn }: Floor): Result<ClaimDecision> {
  if (seat.presence !== 'ready') return refuse('seat_not_ready', '请先将座席置为就绪', { clause: 'QS6' });
  if (!hasRoom(seat, item.queueId, rules.capacity)) {
    return refuse('seat_holds_items', '请先办完手中的工作', { clause: 'QS6' });
  }
  return canDo(seat.skills, askedFor(item, now, rules.relax, signedOn))
    ? ok('pull')
    : refuse('skill_missing', '这件工作目前要求的技能您尚不具备', { field: 'itemId', clause: 'QS6' });
}
