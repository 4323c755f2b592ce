import fc from 'fast-check';
import type { Card, CardChange } from '@minqing-hub/client-sdk/protocol';
import type { View } from '../domain/access/audience.js';
import { onEachDatabase, type TestStore } from '../../test/support/store.js';
import type { NewEvent, Origin } from './event-log.js';
import { asSeenIn } from './logged-event.js';
import { chainHash } from './sequencer.js';

const origin: Origin = { actorId: 'a', commandId: 'c', causationId: null, recordedAt: 1 };

const order = (orderNo: string, version: number, more: object = {}): Card =>
  ({
    orderNo,
    version,
    state: 'handling',
    visibility: 'confidential',
    grade: 'fast',
    kind: 'complaint',
    ...more,
  }) as Card;

function event(orderNo: string, version: number, rooms: Record<string, View>, more: object = {}): NewEvent {
  return {
    subject: `order:${orderNo}`,
    type: 'order.progressed',
    at: 1,
    version,
    data: { orderNo, secret: 'who said what' },
    card: order(orderNo, version, more),
    rooms,
  };
}

/** What a console does with its room's events. */
function fold(changes: (CardChange | undefined)[]): Record<string, unknown> {
  const cards: Record<string, unknown> = {};
  for (const change of changes) {
    if (!change) continue;
    if (change.op === 'enter') cards[change.key] = change.card;
    else if (change.op === 'gone') delete cards[change.key];
    else cards[change.key] = { ...(cards[change.key] as object), ...change.fields };
  }
  return cards;
}

describe('event log', () =>
  onEachDatabase((open) => {
    let store: TestStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    /** Resolves when they have their places, too. */
    async function append(...events: NewEvent[]): Promise<string[]> {
      const ids = await store.unitOfWork.run((tx) => store.eventLog.append(tx, origin, events));
      await store.placing.settled();
      return ids;
    }

    async function seenIn(room: string) {
      const { head } = await store.reader.roomHead(room);
      const events = await store.reader.ofRoom(room, 0, head, 10_000);
      return events.map(({ offset, event: logged }) => ({ offset, ...asSeenIn(logged, room) }));
    }

    it('[I2] gives each room offsets 1, 2, 3 … and the log one seq, whatever commits side by side', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.tuple(fc.integer({ min: 0, max: 9 }), fc.uniqueArray(fc.integer({ min: 0, max: 4 })), fc.boolean()),
            {
              minLength: 1,
              maxLength: 60,
            },
          ),
          async (plan) => {
            const before = await store.reader.head();
            const heads = new Map<string, number>();
            for (const room of ['r0', 'r1', 'r2', 'r3', 'r4'])
              heads.set(room, (await store.reader.roomHead(room)).head);
            const outcomes = await Promise.allSettled(
              plan.map(([orderNo, rooms, fails], i) =>
                store.unitOfWork.run(async (tx) => {
                  const views = Object.fromEntries(rooms.map((n) => [`r${n}`, 'full' as const]));
                  await store.eventLog.append(tx, origin, [event(`o${orderNo}`, i, views)]);
                  if (fails) throw new Error('rolled back');
                }),
              ),
            );
            const kept = outcomes.filter(({ status }) => status === 'fulfilled').length;
            await store.placing.settled();
            const after = await store.reader.head();
            expect(after.seq - before.seq).toBe(kept);
            const placed = await store.reader.after(before.seq, 1_000);
            expect(placed.map(({ seq }) => seq)).toEqual(Array.from({ length: kept }, (_, i) => before.seq + 1 + i));
            for (const [room, head] of heads) {
              const offsets = placed.flatMap((p) => p.offsets[room] ?? []);
              expect(offsets).toEqual(offsets.map((_, i) => head + 1 + i));
            }
          },
        ),
        { numRuns: 30 },
      );
    });

    it('[I3] a room folded from its events equals its snapshot, stub rooms too', async () => {
      const views = fc.constantFrom<View | undefined>('full', 'stub', undefined);
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              orderNo: fc.integer({ min: 0, max: 3 }),
              a: views,
              b: views,
              grade: fc.constantFrom('urgent', 'fast'),
            }),
            { minLength: 1, maxLength: 40 },
          ),
          async (plan) => {
            for (const [i, { orderNo, a, b, grade }] of plan.entries()) {
              const rooms: Record<string, View> = { ...(a && { a }), ...(b && { b }) };
              await append(event(`o${orderNo}`, i, rooms, { grade }));
            }
            await store.placing.settled();
            for (const room of ['a', 'b']) {
              const state = await store.reader.roomState(room);
              const seen = await seenIn(room);
              expect(fold(seen.map(({ data }) => data.card))).toEqual(state.cards);
              expect(state.offset).toBe(seen.length);
            }
          },
        ),
        { numRuns: 30 },
      );
    });

    it('[I3] events appended together leave what they would leave one by one', async () => {
      const views = fc.constantFrom<View | undefined>('full', 'stub', undefined);
      const anEvent = fc.record({
        no: fc.integer({ min: 0, max: 3 }),
        grade: fc.constantFrom('fast', 'normal'),
        a: views,
        b: views,
        c: views,
      });
      const left = async () => {
        const { readModel } = store;
        return readModel.run(async (tx) => ({
          events: await tx.all('SELECT subject, version, card, changed, audience FROM event ORDER BY id'),
          cards: await tx.all('SELECT * FROM card ORDER BY card_key'),
          rooms: await tx.all('SELECT * FROM room_card ORDER BY card_key, room'),
          readers: await tx.all('SELECT * FROM subject_readers ORDER BY subject'),
        }));
      };
      const eventsOf = (plan: { no: number; grade: string; a?: View; b?: View; c?: View }[]) =>
        plan.map(({ no, grade, ...rooms }, version): NewEvent => {
          const known = Object.entries(rooms).filter((entry): entry is [string, View] => entry[1] !== undefined);
          const told = event(String(no), version, Object.fromEntries(known), { grade });
          return version % 5 === 4 ? { ...told, card: null } : told;
        });
      await fc.assert(
        fc.asyncProperty(fc.array(anEvent, { minLength: 2, maxLength: 40 }), async (plan) => {
          const events = eventsOf(plan);
          await append(...events);
          const together = await left();
          await store.close();
          store = await open();
          for (const one of events) await append(one);
          expect(together).toEqual(await left());
          await store.close();
          store = await open();
        }),
        { numRuns: 15 },
      );
    });

    it('[I6] a stub room learns neither the facts nor the fields of a confidential order', async () => {
      await append(event('o1', 1, { shared: 'stub', 'order:o1': 'full' }));
      await append(event('o1', 2, { shared: 'stub', 'order:o1': 'full' }, { kind: 'suggestion' }));
      const shared = JSON.stringify(await seenIn('shared'));
      expect(shared).not.toMatch(/secret|who said what|complaint|suggestion/);
      expect(JSON.stringify(await seenIn('order:o1'))).toMatch(/who said what/);
    });

    it('tells a room that lost a card only that it is gone', async () => {
      await append(event('o1', 1, { 'unit:a': 'full' }));
      await append(event('o1', 2, { 'unit:b': 'full' }, { kind: 'suggestion' }));
      const last = (await seenIn('unit:a')).at(-1)!;
      expect(last.data.card).toEqual({ key: 'order:o1', op: 'gone' });
      expect((await store.reader.roomState('unit:a')).cards).toEqual({});
    });

    it('[I8] chains each row to all before it, so that a changed row breaks the chain', async () => {
      await append(event('o1', 1, { a: 'full' }), event('o1', 2, { a: 'full' }));
      type Row = Parameters<typeof chainHash>[2] & { hash: string };
      const rows = await store.readModel.run((tx) =>
        tx.all<Row>('SELECT e.*, p.hash FROM event_place p JOIN event e ON e.id = p.event_row ORDER BY p.seq'),
      );
      let hash = '';
      for (const row of rows) {
        hash = chainHash('test audit key', hash, row);
        expect(hash).toBe(row.hash);
      }
      expect(chainHash('test audit key', '', { ...rows[0]!, actor_id: 'another' })).not.toBe(rows[0]!.hash);
    });

    it('keeps the readers of an order for those who ask to enter its room', async () => {
      const readers = { unitIds: ['u1'], visibility: 'internal' as const };
      await append({ ...event('o1', 1, { a: 'full' }), readers });
      expect(await store.reader.readersOf('order:o1')).toEqual(readers);
      expect(await store.reader.readersOf('order:o2')).toBeUndefined();
    });
  }));
