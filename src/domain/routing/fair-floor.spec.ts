import fc from 'fast-check';
import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { anySkills, floorOf, maybeSkills } from '../../../test/support/queue-items.js';
import {
  type Arrival,
  type MadeOffer,
  OFFER_MS,
  SimulatedFloor,
  type SimulatedSeat,
} from '../../../test/support/simulated-floor.js';
import { byTurn } from '../queue/queue-order.js';
import { askingOf, hasRoom, maySuit, paceOf } from './routing.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PATIENCE = 10 * MINUTE;
const QUEUES: QueueId[] = ['register', 'dispatch', 'callback'];
/** The longest that an item waits for a skill, and for a seat other than the one that gave it up. */
const RELAXED = 5 * 30_000;
const PAUSE = MINUTE;

const anyArrival = (within: number): fc.Arbitrary<Arrival> =>
  fc.record({
    at: fc.nat(within),
    queueId: fc.constantFrom(...QUEUES),
    critical: fc.boolean(),
    dueIn: fc.option(fc.integer({ min: -2 * HOUR, max: 2 * HOUR })),
    needs: maybeSkills,
    fate: fc.array(fc.constantFrom('return' as const, 'miss' as const), { maxLength: 2 }),
    handlingMs: fc.integer({ min: 5_000, max: 3 * MINUTE }),
  });

const anySeats = (within: number): fc.Arbitrary<SimulatedSeat[]> =>
  fc
    .array(
      fc.record({
        queues: fc.subarray(QUEUES, { minLength: 1 }),
        skills: maybeSkills,
        breakAt: fc.nat(within),
        breakFor: fc.nat(10 * MINUTE),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((seats) =>
      seats.map(({ breakAt, breakFor, ...seat }, i) => ({
        ...seat,
        seatId: `S${i}`,
        on: [0, Infinity] as [number, number],
        breaks: [[breakAt, breakAt + breakFor]] as [number, number][],
      })),
    );

const anyCapacity = fc.constantFrom(
  {},
  { total: 3 },
  { total: 4, of: { register: 1, dispatch: 2, callback: 4, arbitration: 1 } },
);

describe('a simulated floor', () => {
  it('[RT6] lets nothing be passed by what comes later, but for urgency and what was given up; whatever comes, and however much', () => {
    let offers = 0;
    fc.assert(
      fc.property(
        anySeats(HOUR),
        fc.array(anyArrival(HOUR), { minLength: 20, maxLength: 250 }),
        anyCapacity,
        (people, arrivals, capacity) => {
          const { rules } = floorOf({ capacity });
          const look = ({ item, seat, waiting, floor, at }: MadeOffer): void => {
            expect(maySuit(askingOf(item, floor), seat, rules)).toBe(true);
            expect(hasRoom(seat, item.queueId, rules.capacity)).toBe(true);
            for (const other of waiting) {
              // Another of the same moment may have got its own seat just before.
              if (byTurn(other, item) >= 0 || taken.has(`${at} ${other.itemId}`)) continue;
              expect(maySuit(askingOf(other, floor), seat, rules)).toBe(false);
              expect(waitsFor(other, at)).toBe(true);
            }
            // What came so late goes first only by its urgency, or because it was given up.
            for (const other of waiting) {
              if (item.queuedAt <= other.dueOrder + PATIENCE || !maySuit(askingOf(other, floor), seat, rules)) continue;
              if (taken.has(`${at} ${other.itemId}`)) continue;
              expect((item.critical && !other.critical) || (item.atHead && item.critical === other.critical)).toBe(
                true,
              );
            }
            taken.add(`${at} ${item.itemId}`);
            offers += 1;
          };
          const taken = new Set<string>();
          const floor = new SimulatedFloor(people, arrivals, rules, PATIENCE, look);
          /** Why an item may stand while a seat of some queue takes a later one: skill, pause, queue or room; the first two end. */
          const waitsFor = (item: MadeOffer['item'], at: number): boolean => {
            const served = [...floor.seats.values()].filter(({ queues }) => queues.includes(item.queueId));
            const open = served.some(
              (seat) => seat.presence === 'ready' && hasRoom(seat, item.queueId, rules.capacity),
            );
            const pausing = item.givenUpAt !== null && at < item.givenUpAt + PAUSE;
            return !open || pausing || at < item.queuedAt + RELAXED;
          };
          floor.runUntil(HOUR);
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
    expect(offers).toBeGreaterThan(500);
  });

  it('[RT3] [RT6] lets nothing wait for ever under any mix of arrivals that the seats can bear', () => {
    // Every seat serves every queue. Each piece of work takes a seat at most this long, its lost offers with it.
    const most = 2 * OFFER_MS + 3_000 + MINUTE;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(anyArrival(0)),
        fc.infiniteStream(anySkills),
        fc.integer({ min: 1, max: 15 }),
        fc.double({ min: 0.2, max: 0.75, noNaN: true }),
        (seats, mix, skills, burst, load) => {
          const people = Array.from({ length: seats }, (_, i): SimulatedSeat => ({
            ...{ seatId: `S${i}`, queues: QUEUES, skills: skills.next().value!, on: [0, Infinity] },
          }));
          const hours = 3 * HOUR;
          const gap = most / seats / load;
          const arrivals: Arrival[] = [];
          for (let i = 0; i * gap < hours; i++) {
            const arrival = mix.next().value!;
            // Several at once, and then none for as long as they take.
            const at = Math.floor(i / burst) * burst * gap;
            arrivals.push({ ...arrival, at, handlingMs: arrival.handlingMs % MINUTE });
          }
          const floor = new SimulatedFloor(people, arrivals, floorOf().rules, PATIENCE);
          // A seat stands idle beside work only while that is held back. What has gathered meanwhile, a burst and what is
          // in hand may all go first; from then on the seats gain on what comes.
          const heldBack = RELAXED + 2 * PAUSE;
          const ahead = burst * most + seats * (heldBack + most);
          const bound = heldBack + ahead / seats / (1 - load);
          floor.runUntil(hours + bound + most);
          expect(floor.empty).toBe(true);
          for (const [itemId, queuedAt] of floor.queuedAt) {
            expect(floor.claimedAt.get(itemId)! - queuedAt).toBeLessThanOrEqual(bound);
          }
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('[RT7] shares a shift’s work evenly among seats that can the same, whenever they came and whatever breaks they took', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 10 }),
        fc.infiniteStream(fc.integer({ min: 20_000, max: 4 * MINUTE })),
        fc.array(fc.record({ late: fc.nat(3 * HOUR), breakAt: fc.nat(7 * HOUR) }), { minLength: 10, maxLength: 10 }),
        fc.double({ min: 0.2, max: 0.6, noNaN: true }),
        (count, handling, habits, load) => {
          const shift = 8 * HOUR;
          const people = habits.slice(0, count).map(({ late, breakAt }, i): SimulatedSeat => {
            return {
              seatId: `S${i}`,
              queues: QUEUES,
              skills: [],
              on: [i < 2 ? 0 : late, Infinity],
              breaks: [[breakAt, breakAt + 15 * MINUTE]],
            };
          });
          const arrivals: Arrival[] = [];
          for (let at = 0; at < shift; at += MINUTE / load) {
            const handlingMs = handling.next().value!;
            arrivals.push({ at, queueId: 'register', critical: false, dueIn: null, needs: [], fate: [], handlingMs });
          }
          const floor = new SimulatedFloor(people, arrivals, floorOf().rules, PATIENCE);
          floor.runUntil(shift);
          const paces = [...floor.seats.values()].map((seat) => paceOf(seat, shift));
          // Within two pieces of work in the hours of whoever was there shortest.
          expect(Math.max(...paces) - Math.min(...paces)).toBeLessThanOrEqual(2 / 5 + 0.1);
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
