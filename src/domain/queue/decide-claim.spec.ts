import { candidate, floorOf, waitingItem } from '../../../test/support/queue-items.js';
import type { Candidate } from '../routing/routing.js';
import { decideClaim } from './decide-claim.js';
import type { QueueItem } from './queue-item.js';

const ENDS = 16_000;
const decide = (item: Partial<QueueItem>, seat: Partial<Candidate> = {}, floor = floorOf({ now: ENDS - 1 })) => {
  const decision = decideClaim(waitingItem(item), candidate(seat), floor);
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
    expect(decide(offeredTo('S1'), { held: 1 }, floorOf({ now: ENDS }))).toBe('offer_expired');
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

  it('[QS6] lets a ready seat with room take what waits, and no other', () => {
    expect(decide({})).toBe('pull');
    expect(decide({}, { held: 1 })).toBe('seat_holds_items');
    for (const presence of ['busy', 'break', 'offline', 'wrap_up', 'training'] as const)
      expect(decide({}, { presence })).toBe('seat_not_ready');
    const roomy = floorOf({ capacity: { total: 3, of: { dispatch: 1, register: 3 } } });
    expect(decide({}, { held: 1, heldOf: { register: 1 } }, roomy)).toBe('pull');
    expect(decide({}, { held: 1, heldOf: { dispatch: 1 } }, roomy)).toBe('seat_holds_items');
  });

  it('[QS6] lets nobody take what asks for more than they can, until it asks for less', () => {
    const needs = [{ skill: 'dialect:kejia', level: 3 }];
    const skilled = { skills: [{ skill: 'dialect:kejia', level: 3 }] };
    const at = (waitedMs: number) =>
      floorOf({
        now: 1_000 + waitedMs,
        signedOn: [{ queues: ['dispatch'], skills: skilled.skills, seats: 1, seatId: 'S2' }],
      });
    expect(decide({ needs }, {}, at(0))).toBe('skill_missing');
    expect(decide({ needs }, skilled, at(0))).toBe('pull');
    expect(decide({ needs }, {}, at(89_999))).toBe('skill_missing');
    expect(decide({ needs }, {}, at(90_000))).toBe('pull');
  });
});
