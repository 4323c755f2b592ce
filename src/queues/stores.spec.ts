import fc from 'fast-check';
import { anyWaitingItems, idleSeat, waitingItem } from '../../test/support/queue-items.js';
import { onEachDatabase, type TestStore } from '../../test/support/store.js';
import { itemMoves } from '../domain/queue/queue-item.js';
import { byTurn } from '../domain/queue/queue-order.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { takesOne } from '../domain/queue/seat.js';
import { ItemStore } from './item-store.js';
import { SeatStore } from './seat-store.js';

describe('rows of queues and seats', () =>
  onEachDatabase((open) => {
    let store: TestStore;
    const items = new ItemStore();
    const seats = new SeatStore();
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const run = <T>(work: Parameters<typeof store.unitOfWork.run<T>>[0]) => store.unitOfWork.run(work);

    it('[QS1] [QS2] come out of the database in the order of the rule book', async () => {
      await fc.assert(
        fc.asyncProperty(anyWaitingItems(), async (waiting) => {
          const unique = [...new Map(waiting.map((item) => [item.itemId, item])).values()];
          await run(async (tx) => {
            await tx.run('DELETE FROM queue_item');
            for (const item of unique) await items.add(tx, item);
          });
          for (const queueId of QUEUE_IDS) {
            const expected = unique.filter((item) => item.queueId === queueId).sort(byTurn);
            const found = await store.readModel.run((tx) => items.waiting(tx, queueId, 100));
            expect(found.map(({ itemId }) => itemId)).toEqual(expected.map(({ itemId }) => itemId));
            const first = await store.readModel.run((tx) => items.waiting(tx, queueId, 2));
            expect(first).toEqual(found.slice(0, 2));
          }
        }),
        { numRuns: 40 },
      );
    });

    it('read back what was written', async () => {
      const needs = [{ skill: 'field:01', level: 2 }];
      const item = waitingItem({ critical: true, dueAt: 5, catalogCode: 'C', areaCode: 'A', kind: 'complaint', needs });
      const offered = itemMoves.offer(item, { seatId: 'S1', offerId: 'o', endsAt: 9 })!;
      const seat = idleSeat({ skills: needs, taken: 3, missedAt: 7 });
      await run(async (tx) => {
        await seats.add(tx, seat);
        expect(await seats.get(tx, 'S1')).toEqual({ ...seat, revision: 1 });
        expect(await items.add(tx, item)).toBe(true);
        const stored = (await items.get(tx, 'i1'))!;
        expect(stored).toEqual({ ...item, revision: 1 });
        expect(await items.change(tx, stored, offered)).toBe(true);
        expect(await items.get(tx, 'i1')).toEqual({ ...offered, revision: 2 });
        const given = itemMoves.giveBack(offered, 8)!;
        expect(await items.change(tx, (await items.get(tx, 'i1'))!, given)).toBe(true);
        expect(await items.get(tx, 'i1')).toEqual({ ...given, revision: 3 });
        expect(await items.change(tx, (await items.get(tx, 'i1'))!, itemMoves.claim(given, 'S1', 9)!)).toBe(true);
        expect(await items.get(tx, 'i1')).toEqual({ ...itemMoves.claim(given, 'S1', 9)!, revision: 4 });
        expect(await items.heldBy(tx, 'S1')).toHaveLength(1);
      });
    });

    it('[I4] change once: who read before another one wrote writes nothing', async () => {
      await run(async (tx) => {
        await items.add(tx, waitingItem());
        await seats.add(tx, idleSeat());
      });
      // What two nodes read at the same time.
      const [item, seat] = await store.readModel.run(async (tx) => [
        (await items.get(tx, 'i1'))!,
        (await seats.get(tx, 'S1'))!,
      ]);
      const offerTo = (seatId: string) => itemMoves.offer(item, { seatId, offerId: `to ${seatId}`, endsAt: 9 })!;
      const won = await Promise.all(
        ['S1', 'S2', 'S3'].map((seatId) => run((tx) => items.change(tx, item, offerTo(seatId)))),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await run((tx) => items.get(tx, 'i1')))!.seatId).toBe(['S1', 'S2', 'S3'][won.indexOf(true)]);
      const took = await Promise.all([1, 2].map(() => run((tx) => seats.change(tx, seat, takesOne(seat)))));
      expect(took.filter(Boolean)).toHaveLength(1);
      expect((await run((tx) => seats.get(tx, 'S1')))!.held).toBe(1);
    });

    it('[I4] change once even when the item came back to the state it was read in', async () => {
      await run((tx) => items.add(tx, waitingItem()));
      const stale = (await run((tx) => items.get(tx, 'i1')))!;
      const offered = itemMoves.offer(stale, { seatId: 'S1', offerId: 'o', endsAt: 9 })!;
      await run(async (tx) => {
        await items.change(tx, stale, offered);
        const now = (await items.get(tx, 'i1'))!;
        await items.change(tx, now, itemMoves.expire(now)!);
      });
      expect(await run((tx) => items.change(tx, stale, offered))).toBe(false);
    });

    it('[QS3] keep one open item for an order and a queue, whoever adds it', async () => {
      const added = await Promise.all(
        ['a', 'b', 'c'].map((itemId) => run((tx) => items.add(tx, waitingItem({ itemId, orderNo: 'G1' })))),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
    });
  }));
