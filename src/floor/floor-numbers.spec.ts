import fc from 'fast-check';
import type { Actor, FloorMeasure, Presence, QueueId, QueueStats } from '@minqing-hub/client-sdk/protocol';
import { openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { PRESENCES } from '../domain/floor/floor-tally.js';
import { Recount } from '../domain/floor/recount.js';
import { atRiskFrom, urgencyOf } from '../domain/floor/urgency.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import type { Result } from '../domain/result.js';
import { FloorCounters } from './floor-counters.js';
import { FloorItems } from './floor-items.js';
import { FloorPolicy } from './floor-policy.js';
import { type FloorQuery, floorQueryOf, type Measure } from './floor-query.js';
import { FloorSeats } from './floor-seats.js';
import { FloorStore } from './floor-store.js';
import { verifyFloor } from './verify-floor.js';

const providers = [FloorCounters, FloorPolicy, FloorStore, FloorItems, FloorSeats];

const NUMBER_OF: Record<FloorMeasure, keyof QueueStats> = {
  waiting: 'waiting',
  offered: 'offered',
  claimed: 'claimed',
  at_risk: 'atRisk',
  breached: 'breached',
  expired: 'expired',
};

type Step =
  | { do: 'enqueue'; queueId: QueueId; minutes: number | null; critical: boolean; secret: boolean }
  | { do: 'presence'; seat: number; presence: Presence }
  | { do: 'claim' | 'return' | 'done'; seat: number; item: number }
  | { do: 'pass'; seconds: number };

const seat = fc.integer({ min: 1, max: 3 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('enqueue' as const),
      queueId: fc.constantFrom('register' as const, 'dispatch' as const, 'arbitration' as const),
      minutes: fc.option(fc.constantFrom(-5, 12, 40, 120, 600)),
      critical: fc.boolean(),
      secret: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('presence' as const),
      seat,
      presence: fc.constantFrom<Presence>('ready', 'ready', 'busy', 'break', 'offline'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('claim' as const, 'return' as const, 'done' as const),
      seat,
      item: fc.nat(50),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 16, 400, 3_600) }),
  },
);

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

describe('the numbers of a floor on which anything happens', () => {
  let bench: QueueBench;
  let seats: Actor[];
  let orders = 0;

  async function carryOut(step: Step): Promise<void> {
    if (step.do === 'pass') {
      // What becomes due meanwhile rings in the last second, as after an outage.
      bench.clock.advance((step.seconds - 1) * 1_000);
      return bench.pass(1_000);
    }
    if (step.do === 'enqueue') {
      const dueAt = step.minutes === null ? {} : { dueAt: bench.clock.now() + step.minutes * 60_000 };
      const visibility = step.secret ? ('confidential' as const) : ('public' as const);
      await bench.enqueue(`G${++orders}`, { queueId: step.queueId, critical: step.critical, visibility, ...dueAt });
      return;
    }
    if (step.do === 'presence') {
      await bench.presence(seats[step.seat - 1]!, step.presence);
      return;
    }
    const open = (await bench.items()).filter(({ state }) => state !== 'done');
    const held = open.filter(({ state }) => state === (step.do === 'claim' ? 'offered' : 'claimed'));
    const among = held.length ? held : open;
    const item = among[step.item % Math.max(1, among.length)];
    if (!item) return;
    // Refusals are as good as successes here.
    const actor = seats.find(({ seatId }) => seatId === item.seatId) ?? seats[step.seat - 1]!;
    if (step.do === 'claim') await bench.command(actor, 'claimItem', { itemId: item.itemId });
    if (step.do === 'return') await bench.command(actor, 'returnItem', { itemId: item.itemId });
    if (step.do === 'done') await bench.done(item.orderNo!, item.queueId);
  }

  const query = (measure: Measure, more: Partial<FloorQuery> = {}): FloorQuery => ({
    ...{ measure, queueId: undefined, seatId: undefined, after: undefined, limit: 50 },
    ...more,
  });
  /** All pages of a list, three at a time. */
  async function read(asked: FloorQuery) {
    const found = [];
    for (let after = asked.after; ;) {
      const page = valueOf(await bench.get(FloorItems).page({ ...asked, after, limit: 3 }));
      found.push(...page.items);
      if (page.next === null) return { items: found, total: page.total };
      after = valueOf(floorQueryOf({ measure: 'waiting', cursor: page.next })).after;
    }
  }
  const claimedLast = (id: string) =>
    bench.events.filter(({ type, data }) => type === 'queue.item_claimed' && data.itemId === id).at(-1)!.at;

  async function check(): Promise<void> {
    await bench.settled();
    const told = <T>(key: string) => bench.latest('floor').find((value) => value.key === key)!.data as T;
    const queues = told<Record<QueueId, QueueStats>>('floor.queues');
    const rules = bench.get(FloorPolicy).rules;
    const recount = new Recount();
    for (const event of bench.events) recount.add(event);
    const numbers = recount.numbers(bench.clock.now(), rules.atRisk);
    expect({ queues, seats: told('floor.seats') }).toEqual(numbers);
    for (const queueId of QUEUE_IDS) {
      for (const [measure, name] of Object.entries(NUMBER_OF) as [FloorMeasure, keyof QueueStats][]) {
        const list = await read(query(measure, { queueId }));
        expect([queueId, measure, list.total]).toEqual([queueId, measure, queues[queueId][name]]);
        expect(list.items).toHaveLength(list.total);
        if (measure !== 'expired') expect(new Set(list.items.map(({ itemId }) => itemId)).size).toBe(list.total);
        expect(list.items.every((item) => item.queueId === queueId)).toBe(true);
        expect(list.items.filter((i) => i.visibility === 'confidential' && i.catalogCode !== null)).toEqual([]);
      }
      const first = bench.latest(`head:${queueId}`).find(({ key }) => key === 'queue.first')!.data;
      const waiting = valueOf(await bench.get(FloorItems).page(query('waiting', { queueId, limit: 20 })));
      expect((first as { itemId: string }[]).map(({ itemId }) => itemId)).toEqual(
        waiting.items.map(({ itemId }) => itemId),
      );
    }
    for (const presence of PRESENCES) {
      expect(await bench.get(FloorSeats).list(presence)).toHaveLength(numbers.seats[presence]);
    }
    for (const shown of await bench.get(FloorSeats).list(undefined)) {
      const { seatId } = shown;
      expect(shown.held).toBe((await read(query('held', { seatId }))).total);
      const handled = await read(query('handled', { seatId }));
      expect(shown.handled).toBe(handled.total);
      const took = handled.items.map(({ itemId, endedAt }) => endedAt! - claimedLast(itemId));
      expect(shown.handlingMs).toBe(took.reduce((sum, ms) => sum + ms, 0));
    }
    // Rows and log agree as well, in the words of `verify-log`.
    expect(await verifyFloor(bench.readModel)).toMatchObject({ findings: 0, first: [] });
  }

  it('[FL4] [FL6] [FL7] [I8] equal the log’s, open exactly what they count, and rows and log agree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
        bench = await openQueueBench({ providers });
        try {
          seats = await Promise.all([1, 2, 3].map((n) => bench.seat(n)));
          for (const actor of seats) {
            bench.sockets.connected(actor);
            await bench.presence(actor, 'ready');
          }
          for (const [n, step] of steps.entries()) {
            await carryOut(step);
            if (n % 9 === 8) await bench.pass(1_000).then(check);
          }
          await bench.pass(1_000);
          await check();
        } finally {
          await bench.end();
        }
      }),
      { numRuns: 12 },
    );
  });

  it('[FL2] [FL6] count work as at risk and breached from the same moments on as the rule does', async () => {
    bench = await openQueueBench({ providers });
    const began = bench.clock.now();
    const dueAt = [5, 30, 100, 600].map((minutes) => began + minutes * 60_000);
    for (const [n, due] of dueAt.entries()) await bench.enqueue(`D${n}`, { dueAt: due });
    const rule = bench.get(FloorPolicy).rules.atRisk;
    const moments = dueAt.flatMap((due) => {
      const from = atRiskFrom({ dueAt: due, queuedAt: began }, rule)!;
      return [from - 1, from, due - 1, due].filter((at) => at >= began);
    });
    for (const at of moments.sort((a, b) => a - b)) {
      bench.clock.advance(at - bench.clock.now());
      for (const measure of ['at_risk', 'breached'] as const) {
        const expected = dueAt.filter((due) => urgencyOf({ dueAt: due, queuedAt: began }, at, rule) === measure);
        const { items } = await read(query(measure));
        expect([at, measure, items.map((item) => item.dueAt)]).toEqual([at, measure, expected]);
      }
    }
    await bench.end();
  });

  it('[FL7] count what a seat has done with its own hands since it was signed on, and how long it took', async () => {
    bench = await openQueueBench({ providers });
    const actor = await bench.seat(1);
    bench.sockets.connected(actor);
    await bench.presence(actor, 'ready');
    const mine = async () => (await bench.get(FloorSeats).list(undefined))[0];
    for (const [orderNo, seconds] of [
      ['one', 5],
      ['two', 7],
    ] as const) {
      await bench.enqueue(orderNo);
      await bench.settled();
      await bench.claim(actor, orderNo);
      await bench.pass(seconds * 1_000);
      await bench.done(orderNo);
      await bench.settled();
    }
    // Done by somebody else while it was only offered here.
    await bench.enqueue('three');
    await bench.settled();
    expect(await mine()).toMatchObject({ held: 1, handled: 2, handlingMs: 12_000 });
    await bench.done('three');
    expect(await mine()).toMatchObject({ held: 0, handled: 2, handlingMs: 12_000 });
    const { items } = await read(query('handled', { seatId: actor.seatId! }));
    expect(items.map(({ orderNo }) => orderNo)).toEqual(['one', 'two']);
    await bench.presence(actor, 'offline');
    await bench.pass(1_000);
    await bench.presence(actor, 'ready');
    expect(await mine()).toMatchObject({ held: 0, handled: 0, handlingMs: 0 });
    await bench.end();
  });
});
