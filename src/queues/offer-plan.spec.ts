import fc from 'fast-check';
import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { anyIdleSeats, anyWaitingItems, candidate, waitingItem } from '../../test/support/queue-items.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { readPolicy } from '../config/policy.js';
import { matchOffers } from '../domain/queue/match-offers.js';
import type { QueueItem } from '../domain/queue/queue-item.js';
import type { Candidate } from '../domain/routing/routing.js';
import { FreeSeats } from './free-seats.js';
import { ItemStore } from './item-store.js';
import { OfferPlan } from './offer-plan.js';
import { QueuePolicy } from './queue-policy.js';
import { SeatStore } from './seat-store.js';

const CAPACITIES = [
  { 'seat.capacity': 1 },
  { 'seat.capacity': 3 },
  { 'seat.capacity': 3, 'seat.capacity.register': 1, 'seat.capacity.dispatch': 2 },
];

interface Row {
  seat: Candidate;
  inHand: QueueId[];
}

const MOST = 16;
const anyState = fc.record({
  presence: fc.constantFrom<Candidate['presence'][]>('ready', 'ready', 'ready', 'busy', 'break', 'training', 'offline'),
  inHand: fc.array(fc.constantFrom<QueueId[]>('register', 'dispatch'), { maxLength: 3 }),
});
const anySeats: fc.Arbitrary<Row[]> = fc
  .tuple(anyIdleSeats(MOST), fc.array(anyState, { minLength: MOST, maxLength: MOST }))
  .map(([seats, states]) =>
    seats.map((seat, i) => {
      const { presence, inHand } = states[i]!;
      const heldOf: Candidate['heldOf'] = {};
      for (const queueId of inHand) heldOf[queueId] = (heldOf[queueId] ?? 0) + 1;
      return { seat: candidate({ ...seat, presence, held: inHand.length, heldOf }), inHand };
    }),
  );

describe('what is offered to whom', () => {
  let store: TestStore;
  const items = new ItemStore();
  const seats = new SeatStore();
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  const write = (waiting: readonly QueueItem[], rows: readonly Row[]) =>
    store.unitOfWork.run(async (tx) => {
      await tx.run('DELETE FROM queue_item');
      await tx.run('DELETE FROM seat');
      for (const item of waiting) await items.add(tx, item);
      for (const { seat, inHand } of rows) {
        const { heldOf: _, ...row } = seat;
        await seats.add(tx, row);
        for (const [i, queueId] of inHand.entries()) {
          const itemId = `${seat.seatId}-${i}`;
          await items.add(tx, waitingItem({ itemId, orderNo: itemId, queueId, state: 'claimed', seatId: seat.seatId }));
        }
      }
    });

  it('[QS1] [RT2] [RT5] [RT7] [RT8] follows from the rows as from the rule book over all of them', async () => {
    let offered = 0;
    await fc.assert(
      fc.asyncProperty(
        anyWaitingItems(60),
        anySeats,
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(4_500, 40_000, 70_000, 3_700_000),
        fc.constantFrom(...CAPACITIES),
        async (any, rows, limit, now, capacities) => {
          const waiting = [...new Map(any.map((item) => [item.itemId, item])).values()];
          await write(waiting, rows);
          const policy = new QueuePolicy(readPolicy('config', capacities));
          const freeSeats = new FreeSeats(items, policy);
          const plan = new OfferPlan(items, freeSeats, policy);
          const { matches: found } = await store.readModel.run((tx) => plan.plan(tx, now, limit));

          const signedOn = rows
            .filter(({ seat }) => seat.presence !== 'offline' && seat.presence !== 'training')
            .map(({ seat: { queues, skills, seatId } }) => ({ queues, skills, seats: 1, seatId }));
          const floor = { now, rules: policy.routing, signedOn };
          const all = rows.map(({ seat }) => seat);
          const pairs = (matches: readonly { item: QueueItem; seat: { seatId: string } }[]) =>
            matches.map(({ item, seat }) => `${item.itemId}→${seat.seatId}`);
          expect(pairs(found)).toEqual(pairs(matchOffers(waiting, all, floor, limit)));
          offered += found.length;
        },
      ),
      { numRuns: 300 },
    );
    expect(offered).toBeGreaterThan(100);
  });

  it('[RT3] reads on behind what waits for a skill, however much that is', async () => {
    const needs = [{ skill: 'dialect:k', level: 5 }];
    const stuck = Array.from({ length: 300 }, (_, i) =>
      waitingItem({ itemId: `stuck${i}`, orderNo: `s${i}`, needs, queuedAt: 1_000 }),
    );
    const plain = waitingItem({ itemId: 'plain', orderNo: 'p', queuedAt: 2_000 });
    const speaker = candidate({ seatId: 'S1', skills: needs, presence: 'busy' });
    await write(
      [...stuck, plain],
      [speaker, candidate({ seatId: 'S2' })].map((seat) => ({ seat, inHand: [] })),
    );
    const policy = new QueuePolicy(readPolicy('config'));
    const plan = new OfferPlan(items, new FreeSeats(items, policy), policy);
    const at = async (now: number) => {
      const { matches } = await store.readModel.run((tx) => plan.plan(tx, now, 10));
      return matches.map(({ item }) => item.itemId);
    };
    expect(await at(3_000)).toEqual(['plain']);
    expect(await at(1_000 + 5 * 30_000)).toEqual(['stuck0']);
  });
});
