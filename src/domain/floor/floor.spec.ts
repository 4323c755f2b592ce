import fc from 'fast-check';
import { exampleItem, exampleSeat } from '../../../client-sdk/src/testing/example-cards.js';
import type { Presence, QueueItemCard } from '../../../client-sdk/src/protocol/index.js';
import { byTurn, dueOrderOf } from '../queue/queue-order.js';
import { QUEUE_IDS } from '../queue/queues-of.js';
import type { FloorEvent } from './floor-event.js';
import { FloorTally, PRESENCES } from './floor-tally.js';
import { Recount } from './recount.js';
import { SortedList } from './sorted-list.js';
import { urgencyOf } from './urgency.js';

const RULE = { percent: 20, atLeastMs: 600_000 };
const MINUTE = 60_000;
const PATIENCE_MS = 60 * MINUTE;
/** 23:30 in Shanghai, so that histories of an hour cross the day. */
const START = Date.parse('2026-11-21T23:30:00+08:00');

describe('[FL2] work at risk and breached', () => {
  const at = (queuedAt: number, dueAt: number | null, now: number) => urgencyOf({ queuedAt, dueAt }, now, RULE);

  it.each([
    ['20 % of a long limit', 0, 480 * MINUTE, 384 * MINUTE],
    ['10 minutes of a short one', 0, 30 * MINUTE, 20 * MINUTE],
    ['10 minutes where it was due sooner than that', 0, 5 * MINUTE, -5 * MINUTE],
    ['10 minutes where it was late when it came', 60 * MINUTE, 30 * MINUTE, 20 * MINUTE],
  ])('begin at %s', (_what, queuedAt, dueAt, from) => {
    expect(at(queuedAt, dueAt, from - 1)).toBeNull();
    expect(at(queuedAt, dueAt, from)).toBe('at_risk');
    expect(at(queuedAt, dueAt, dueAt - 1)).toBe('at_risk');
    expect(at(queuedAt, dueAt, dueAt)).toBe('breached');
  });

  it('know nothing of what is never due', () => expect(at(0, null, Number.MAX_SAFE_INTEGER)).toBeNull());
});

const anyItem = (itemId: string, at: number) =>
  fc
    .record({
      queueId: fc.constantFrom(...QUEUE_IDS),
      state: fc.constantFrom('queued' as const, 'offered' as const, 'claimed' as const),
      critical: fc.boolean(),
      atHead: fc.boolean(),
      queuedAt: fc.constantFrom(at, at - MINUTE, at - 30 * MINUTE),
      dueAt: fc.option(fc.integer({ min: -20, max: 90 }).map((minutes) => START + minutes * MINUTE)),
    })
    .map((facts): QueueItemCard => exampleItem({ ...facts, itemId, orderNo: `GD-${itemId}` }));

/** A history as a log could tell it: an item keeps its queue, comes, moves and goes; time goes on, and midnight passes. */
const anyHistory = fc
  .array(
    fc.record({
      n: fc.integer({ min: 0, max: 11 }),
      seat: fc.integer({ min: 0, max: 5 }),
      later: fc.integer({ min: 0, max: 3 * MINUTE }),
      what: fc.constantFrom('item', 'item', 'item', 'expired', 'done', 'seat', 'message', 'order' as const),
      presence: fc.constantFrom(...PRESENCES),
    }),
    { maxLength: 60 },
  )
  .chain((steps) => {
    let at = START;
    return fc.tuple(
      ...steps.map(({ n, seat, later, what, presence }) => {
        at += later;
        return eventOf(at, `i${n}`, `S${seat}`, what, presence);
      }),
    );
  });

function eventOf(
  at: number,
  itemId: string,
  seatId: string,
  what: string,
  presence: Presence,
): fc.Arbitrary<FloorEvent> {
  const type = ['item', 'seat', 'message', 'order'].includes(what) ? undefined : (`queue.item_${what}` as const);
  switch (what) {
    case 'seat':
      return fc.constant({ type: 'seat.presence_changed', at, card: exampleSeat({ seatId, presence }) });
    case 'message':
      return fc.constant({ type: 'seat.message_sent', at, card: null });
    case 'order':
      return fc.constant({ type: 'order.urged', at, card: null });
    default:
      return anyItem(itemId, at).map((card) => ({
        type: (type as 'queue.item_done' | undefined) ?? 'queue.item_queued',
        at,
        card: what === 'expired' ? { ...card, state: 'queued' as const } : card,
      }));
  }
}

describe('the floor’s numbers', () => {
  it('[FL1] [FL4] [I8] kept event by event equal what the whole log adds up to, at every moment', () => {
    fc.assert(
      fc.property(
        anyHistory,
        fc.array(fc.integer({ min: 0, max: 200 * MINUTE }), { maxLength: 5 }),
        (events, later) => {
          const tally = new FloorTally({ atRisk: RULE, patienceMs: PATIENCE_MS });
          const recount = new Recount();
          for (const event of events) {
            tally.apply(event);
            recount.add(event);
            const { queues, seats } = recount.numbers(event.at, RULE);
            for (const queueId of QUEUE_IDS) expect(tally.stats(queueId, event.at)).toEqual(queues[queueId]);
            expect(tally.seats()).toEqual(seats);
          }
          // Time alone makes work at risk and breached, and begins a new day.
          const end = events.at(-1)?.at ?? START;
          for (const ms of later) {
            const { queues } = recount.numbers(end + ms, RULE);
            for (const queueId of QUEUE_IDS) expect(tally.stats(queueId, end + ms)).toEqual(queues[queueId]);
          }
          // [QS1] [QS2] [FL5]
          for (const queueId of QUEUE_IDS) {
            const waiting = [...recount.items.values()].filter((i) => i.queueId === queueId && i.state === 'queued');
            const placed = waiting.map((item) => ({ item, dueOrder: dueOrderOf(item, PATIENCE_MS) }));
            placed.sort((a, b) => byTurn({ ...a.item, dueOrder: a.dueOrder }, { ...b.item, dueOrder: b.dueOrder }));
            expect(tally.first(queueId, 4)).toEqual(placed.slice(0, 4).map(({ item }) => item));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('[FL1] every open item is counted once, wherever it stands', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const tally = new FloorTally({ atRisk: RULE, patienceMs: PATIENCE_MS });
        const recount = new Recount();
        for (const event of events) {
          tally.apply(event);
          recount.add(event);
        }
        const stats = QUEUE_IDS.map((queueId) => tally.stats(queueId, START));
        const counted = stats.reduce((sum, { waiting, offered, claimed }) => sum + waiting + offered + claimed, 0);
        expect(counted).toBe(recount.items.size);
      }),
    );
  });
});

describe('SortedList', () => {
  it('is a list that is sorted after every change', () => {
    const changes = fc.array(fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 8 }) }));
    fc.assert(
      fc.property(changes, (steps) => {
        const list = new SortedList<number>((a, b) => a - b);
        let model: number[] = [];
        for (const { add, value } of steps) {
          if (add) list.add(value);
          else list.remove(value);
          const at = model.indexOf(value);
          model = add ? [...model, value].sort((a, b) => a - b) : model.filter((_, i) => i !== at);
          expect(list.first(100)).toEqual(model);
          expect(list.upTo(4)).toBe(model.filter((v) => v <= 4).length);
          expect([list.size, list.least]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });

  it('looks at few values to place one among ten thousand', () => {
    let compared = 0;
    const list = new SortedList<number>((a, b) => {
      compared += 1;
      return a - b;
    });
    for (let n = 0; n < 10_000; n++) list.add((n * 7_919) % 10_007);
    compared = 0;
    list.add(5_000);
    list.remove(5_000);
    list.upTo(5_000);
    expect(compared).toBeLessThan(3 * 16);
  });
});
