import fc from 'fast-check';
import { anyIdleSeats, anyWaitingItems, idleSeat, waitingItem } from '../../../test/support/queue-items.js';
import { matchOffers } from './match-offers.js';
import { byTurn } from './queue-order.js';
import { longestIdleFirst } from './seat.js';

const pairs = (matches: ReturnType<typeof matchOffers>) =>
  matches.map(({ item, seat }) => `${item.itemId}→${seat.seatId}`);

describe('matching items with seats', () => {
  it('[QS4] gives the first item to the seat that has been idle longest', () => {
    const items = [waitingItem({ itemId: 'late', dueAt: 9 }), waitingItem({ itemId: 'soon', dueAt: 1 })];
    const seats = [
      idleSeat({ seatId: 'short', idleSince: 50 }),
      idleSeat({ seatId: 'long', idleSince: 10 }),
      idleSeat({ seatId: 'longer, with work', idleSince: 1, held: 1 }),
    ];
    expect(pairs(matchOffers(items, seats, 50))).toEqual(['soon→long', 'late→short']);
  });

  it('[QS4] passes over seats of other queues, and items without a seat', () => {
    const items = [waitingItem({ itemId: 'a', queueId: 'arbitration' }), waitingItem({ itemId: 'd' })];
    expect(pairs(matchOffers(items, [idleSeat({ queues: ['register'] }), idleSeat({ seatId: 'S2' })], 50))).toEqual([
      'd→S2',
    ]);
  });

  it('[QS1] never passes an item over for a later one that the same seat could have had, and leaves none idle in vain', () => {
    fc.assert(
      fc.property(anyWaitingItems(), anyIdleSeats(), fc.integer({ min: 1, max: 20 }), (items, seats, limit) => {
        const matches = matchOffers(items, seats, limit);
        expect(matches.length).toBeLessThanOrEqual(limit);
        expect(new Set(matches.map(({ item }) => item.itemId)).size).toBe(matches.length);
        expect(new Set(matches.map(({ seat }) => seat.seatId)).size).toBe(matches.length);
        const matched = new Set(matches.map(({ item }) => item));
        const busy = new Set(matches.map(({ seat }) => seat));
        for (const { item, seat } of matches) {
          expect(seat.queues).toContain(item.queueId);
          for (const other of items) {
            if (matched.has(other) || !seat.queues.includes(other.queueId)) continue;
            expect(byTurn(item, other)).toBeLessThan(0);
          }
          for (const other of seats) {
            if (busy.has(other) || !other.queues.includes(item.queueId)) continue;
            expect(longestIdleFirst(seat, other)).toBeLessThan(0);
          }
        }
        if (matches.length < limit) {
          const stillIdle = seats.filter((seat) => !busy.has(seat)).flatMap(({ queues }) => queues);
          expect(items.filter((item) => !matched.has(item) && stillIdle.includes(item.queueId))).toEqual([]);
        }
      }),
    );
  });
});
