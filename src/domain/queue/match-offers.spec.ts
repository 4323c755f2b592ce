import fc from 'fast-check';
import {
  anyIdleSeats,
  anyWaitingItems,
  candidate,
  floorOf,
  groupsOf,
  waitingItem,
} from '../../../test/support/queue-items.js';
import { askingOf, byFairness, maySuit } from '../routing/routing.js';
import { matchOffers } from './match-offers.js';
import { byTurn } from './queue-order.js';

const pairs = (matches: ReturnType<typeof matchOffers>) =>
  matches.map(({ item, seat }) => `${item.itemId}→${seat.seatId}`);
const roomy = floorOf({ capacity: { total: 5 } });

describe('matching items with seats', () => {
  it('[QS4] gives the first item to the first of the seats', () => {
    const items = [waitingItem({ itemId: 'late', dueAt: 9 }), waitingItem({ itemId: 'soon', dueAt: 1 })];
    const seats = [
      candidate({ seatId: 'short', idleSince: 50 }),
      candidate({ seatId: 'long', idleSince: 10 }),
      candidate({ seatId: 'longer, with work', idleSince: 1, held: 1 }),
    ];
    expect(pairs(matchOffers(items, seats, roomy, 50))).toEqual(['soon→long', 'late→short']);
  });

  it('[QS4] passes over seats of other queues, and items without a seat', () => {
    const items = [waitingItem({ itemId: 'a', queueId: 'arbitration' }), waitingItem({ itemId: 'd' })];
    const seats = [candidate({ queues: ['register'] }), candidate({ seatId: 'S2' })];
    expect(pairs(matchOffers(items, seats, roomy, 50))).toEqual(['d→S2']);
  });

  it('[QS1] takes the turns across all queues that a seat serves', () => {
    const items = [
      waitingItem({ itemId: 'r', queueId: 'register', queuedAt: 2_000 }),
      waitingItem({ itemId: 'd', queueId: 'dispatch', queuedAt: 1_000 }),
      waitingItem({ itemId: 'c', queueId: 'callback', queuedAt: 3_000, dueAt: 3_000 }),
    ];
    const seats = ['S1', 'S2', 'S3'].map((seatId) =>
      candidate({ seatId, queues: ['register', 'dispatch', 'callback'] }),
    );
    expect(pairs(matchOffers(items, seats, roomy, 50))).toEqual(['c→S1', 'd→S2', 'r→S3']);
  });

  it('[RT2] keeps what asks for a skill for who has it, and lets others take what comes later', () => {
    const needs = [{ skill: 'dialect:kejia', level: 2 }];
    const items = [waitingItem({ itemId: 'kejia', needs, queuedAt: 1 }), waitingItem({ itemId: 'plain', queuedAt: 2 })];
    const seats = [candidate({ seatId: 'S1', idleSince: 1 }), candidate({ seatId: 'S2', skills: needs, idleSince: 2 })];
    const floor = floorOf({ now: 10, signedOn: groupsOf(seats) });
    expect(pairs(matchOffers(items, seats, floor, 50))).toEqual(['kejia→S2', 'plain→S1']);
    expect(pairs(matchOffers(items, seats.slice(0, 1), floor, 50))).toEqual(['plain→S1']);
  });

  it('[QS1] [RT7] gives every item in its turn the first seat that suits it, and leaves none idle in vain', () => {
    fc.assert(
      fc.property(
        anyWaitingItems(),
        anyIdleSeats(),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(4_500, 40_000, 999_000),
        (items, seats, limit, now) => {
          const floor = floorOf({ now, signedOn: groupsOf(seats) });
          const matches = matchOffers(items, seats, floor, limit);
          expect(matches.length).toBeLessThanOrEqual(limit);
          expect(new Set(matches.map(({ item }) => item.itemId)).size).toBe(matches.length);
          expect(new Set(matches.map(({ seat }) => seat.seatId)).size).toBe(matches.length);
          const suits = (item: (typeof items)[0], seat: (typeof seats)[0]) =>
            maySuit(askingOf(item, floor), seat, floor.rules);
          const fairest = byFairness(now, floor.rules);
          const seatOf = new Map(matches.map(({ item, seat }) => [item, seat]));
          const itemOf = new Map(matches.map(({ item, seat }) => [seat, item]));
          for (const { item, seat } of matches) {
            expect(suits(item, seat)).toBe(true);
            // Whatever else would have suited this seat comes later, or has another one that came before for it.
            for (const other of items) {
              if (other === item || !suits(other, seat) || byTurn(other, item) > 0) continue;
              expect(fairest(seatOf.get(other)!, seat)).toBeLessThan(0);
            }
            for (const other of seats) {
              if (other === seat || !suits(item, other) || fairest(other, seat) > 0) continue;
              expect(byTurn(itemOf.get(other)!, item)).toBeLessThan(0);
            }
          }
          if (matches.length < limit) {
            const idle = seats.filter((seat) => !itemOf.has(seat));
            const left = items.filter((item) => !seatOf.has(item));
            expect(left.filter((item) => idle.some((seat) => suits(item, seat)))).toEqual([]);
          }
        },
      ),
    );
  });
});
