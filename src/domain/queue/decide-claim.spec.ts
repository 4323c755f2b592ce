import { idleSeat, waitingItem } from '../../../test/support/queue-items.js';
import { decideClaim } from './decide-claim.js';
import type { QueueItem } from './queue-item.js';
import type { Seat } from './seat.js';

const ENDS = 16_000;
const decide = (item: Partial<QueueItem>, seat: Partial<Seat> = {}, now = ENDS - 1) => {
  const decision = decideClaim(waitingItem(item), idleSeat(seat), 1, now);
  return decision.ok ? decision.value : decision.error.code;
};
const offeredTo = (seatId: string): Partial<QueueItem> => ({
  state: 'offered',
  seatId,
  offerId: 'o1',
  offerEndsAt: ENDS,
});

describe('claiming', () => {
  it('[QS5] takes an offer until the moment it ends, whatever else the seat is doing', () => {
    expect(decide(offeredTo('S1'), { held: 1, presence: 'busy' })).toBe('take_offer');
    expect(decide(offeredTo('S1'), { held: 1 }, ENDS)).toBe('offer_expired');
  });

  it('[QS3] leaves others what they were offered or hold', () => {
    expect(decide(offeredTo('S2'))).toBe('item_held_by_other');
    expect(decide({ state: 'claimed', seatId: 'S2' })).toBe('item_held_by_other');
    expect(decide({ state: 'claimed', seatId: 'S1' })).toBe('already_held');
    expect(decide({ state: 'done', seatId: 'S1' })).toBe('item_not_found');
  });

  it('[QS5] tells who let an offer pass that it has expired, wherever the item is offered now', () => {
    expect(decide({ ...offeredTo('S2'), expiredSeatId: 'S1' })).toBe('offer_expired');
    expect(decide({ expiredSeatId: 'S1' })).toBe('offer_expired');
    expect(decide({ expiredSeatId: 'S2' })).toBe('pull');
  });

  it('[QS6] lets an idle seat take what waits, and no other', () => {
    expect(decide({})).toBe('pull');
    expect(decide({}, { held: 1 })).toBe('seat_holds_items');
    for (const presence of ['busy', 'break', 'offline'] as const)
      expect(decide({}, { presence })).toBe('seat_not_ready');
  });
});
