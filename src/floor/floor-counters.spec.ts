import type { Actor, QueueItemCard, QueueStats } from '@minqing-hub/client-sdk/protocol';
import { done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { FloorCounters } from './floor-counters.js';
import { FloorPolicy } from './floor-policy.js';
import { FloorStore } from './floor-store.js';

const providers = [FloorCounters, FloorPolicy, FloorStore];

describe('the floor’s counters', () => {
  let bench: QueueBench;
  beforeEach(async () => {
    bench = await openQueueBench({ providers, policy: { 'queue.firstItems': 2 } });
  });
  afterEach(() => bench.end());

  const ready = async (n: number): Promise<Actor> => {
    const actor = await bench.seat(n);
    bench.sockets.connected(actor);
    done(await bench.presence(actor, 'ready'));
    await bench.settled();
    return actor;
  };
  const told = <T>(room: string, key: string) => bench.latest(room).find((value) => value.key === key)?.data as T;
  const stats = (queueId = 'dispatch') => told<QueueStats>(`head:${queueId}`, 'queue.stats');

  it('[FL1] count what waits, is offered and claimed, and since when; the same after a restart', async () => {
    const at = bench.clock.now();
    await bench.enqueue('G1');
    await bench.pass(2_000);
    await bench.enqueue('G2');
    await bench.enqueue('G3');
    const seat = await ready(1);
    done(await bench.claim(seat, 'G1'));
    await ready(2);
    await bench.settled();
    const expected = {
      ...{ waiting: 1, offered: 1, claimed: 1, oldestQueuedAt: at + 2_000 },
      ...{ atRisk: 0, breached: 0, expired: 0 },
    };
    const everywhere = () => [
      stats(),
      told('queue:dispatch', 'queue.stats'),
      told<Record<string, QueueStats>>('floor', 'floor.queues').dispatch,
    ];
    expect(everywhere()).toEqual([expected, expected, expected]);
    expect(told('floor', 'floor.seats')).toMatchObject({ ready: 2, offline: 0 });
    await bench.stop();
    bench = await openQueueBench({ folder: bench.folder, clock: bench.clock, providers });
    expect(everywhere()).toEqual([expected, expected, expected]);
    expect(told('floor', 'floor.seats')).toMatchObject({ ready: 2, offline: 0 });
    await bench.done('G1');
    await bench.done('G2');
    await bench.done('G3');
    await bench.settled();
    expect(stats()).toMatchObject({ waiting: 0, offered: 0, claimed: 0, oldestQueuedAt: null });
  });

  it('[FL2] count what time alone makes at risk and breached', async () => {
    await bench.enqueue('G1', { dueAt: bench.clock.now() + 12 * 60_000 });
    await bench.settled();
    expect(stats()).toMatchObject({ atRisk: 0, breached: 0 });
    await bench.pass(120_000);
    expect(stats()).toMatchObject({ atRisk: 1, breached: 0 });
    bench.clock.advance(600_000);
    await bench.pass(1_000);
    expect(stats()).toMatchObject({ atRisk: 0, breached: 1 });
    await bench.done('G1');
    await bench.settled();
    expect(stats()).toMatchObject({ atRisk: 0, breached: 0 });
  });

  it('[FL3] count the offers of the day that nobody took, also after a restart', async () => {
    await ready(1);
    await bench.enqueue('G1');
    await bench.settled();
    await bench.pass(31_000);
    expect(stats().expired).toBe(2);
    await bench.stop();
    bench = await openQueueBench({ folder: bench.folder, clock: bench.clock, providers });
    await bench.settled();
    expect(stats().expired).toBe(2);
    await bench.done('G1');
    bench.clock.advance(24 * 3_600_000);
    await bench.pass(1_000);
    expect(stats().expired).toBe(0);
  });

  it('[FL5] [DG4] show the first items in their order, a confidential one without what it is about', async () => {
    const first = () => told<QueueItemCard[]>('head:dispatch', 'queue.first').map(({ orderNo }) => orderNo);
    await bench.enqueue('later');
    await bench.enqueue('last');
    await bench.settled();
    expect(first()).toEqual(expect.arrayContaining(['later', 'last']));
    await bench.enqueue('secret', { critical: true, visibility: 'confidential' });
    await bench.settled();
    const cards = told<QueueItemCard[]>('head:dispatch', 'queue.first');
    expect(cards).toHaveLength(2);
    expect(cards[0]).toMatchObject({ orderNo: 'secret', critical: true });
    expect(cards[0]).not.toHaveProperty('catalogCode');
    expect(cards[0]).not.toHaveProperty('kind');
    expect(cards[1]).toHaveProperty('catalogCode');
    expect(bench.latest('queue:dispatch').map(({ key }) => key)).toEqual(['queue.stats']);
  });

  it('say nothing again that has not changed', async () => {
    await bench.enqueue('G1');
    await bench.settled();
    const versions = () => bench.latest('head:dispatch').map(({ version }) => version);
    const before = versions();
    await bench.pass(5_000);
    expect(versions()).toEqual(before);
  });
});
