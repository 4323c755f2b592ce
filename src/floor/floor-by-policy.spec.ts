import { isDeepStrictEqual } from 'node:util';
import type { QueueFirst, QueueStats } from '@minqing-hub/client-sdk/protocol';
import { openPolicyBench, type PolicyBench } from '../../test/support/policy-bench.js';
import { done } from '../../test/support/queue-bench.js';
import { until } from '../../test/support/until.js';
import { SYSTEM } from '../identity/actor.js';
import { FloorCounters } from './floor-counters.js';
import { FloorPolicy } from './floor-policy.js';
import { FloorStore } from './floor-store.js';

const MINUTE_MS = 60_000;

/** What the floor shows rests on policy that may change at any time. */
describe('the floor under another policy', () => {
  let bench: PolicyBench;
  beforeEach(async () => {
    bench = await openPolicyBench({ providers: [FloorCounters, FloorPolicy, FloorStore] });
  });
  afterEach(() => bench.end());

  const told = <T>(key: string) => bench.latest('head:dispatch').find((value) => value.key === key)?.data as T;
  const first = () => told<QueueFirst>('queue.first').map(({ orderNo }) => orderNo);
  const inRows = async () =>
    (await bench.items()).sort((a, b) => a.dueOrder - b.dueOrder).map(({ orderNo }) => orderNo);
  const set = async (key: string, value: number) => {
    done(await bench.change({ key, value }));
    await bench.settled();
    // The counters look at each beat.
    await bench.pass(1_000);
  };

  it('[RT11] [FL5] puts what waits in its order anew, in the rows and on the floor', async () => {
    await bench.enqueue('no-due');
    await bench.enqueue('in-30', { dueAt: bench.clock.now() + 30 * MINUTE_MS });
    await bench.enqueue('overdue', { dueAt: bench.clock.now() - 50 * MINUTE_MS });
    await bench.pass(1_000);
    const before = ['overdue', 'in-30', 'no-due'];
    expect([first(), await inRows()]).toEqual([before, before]);
    await set('routing.patienceMinutes', 10);
    const after = ['overdue', 'no-due', 'in-30'];
    expect(first()).toEqual(after);
    await until('the rows to be in the same order', async () => isDeepStrictEqual(await inRows(), after));
    const { queuedAt, dueOrder } = (await bench.items()).find(({ orderNo }) => orderNo === 'overdue')!;
    expect(dueOrder).toBe(queuedAt - 10 * MINUTE_MS);
  });

  it('[RT11] goes by the newest version, in whatever order nodes say so', async () => {
    await bench.enqueue('no-due');
    await set('routing.patienceMinutes', 10);
    const { version } = await bench.card('routing.patienceMinutes');
    const patience = async () => (await bench.items()).map(({ dueOrder, queuedAt }) => (dueOrder - queuedAt) / 60_000);
    await until('the new order', async () => (await patience())[0] === 10);
    const say = (patienceMinutes: number, version: number) =>
      bench.command(SYSTEM, 'reorderQueues', { patienceMinutes, version });
    done(await say(90, version - 1));
    expect(await patience()).toEqual([10]);
    done(await say(90, version + 1));
    expect(await patience()).toEqual([90]);
  });

  it('[FL2] [FL5] counts at risk, and shows as many items, as the policy says now', async () => {
    for (const n of [1, 2, 3]) await bench.enqueue(`G${n}`, { dueAt: bench.clock.now() + (n + 1) * 20 * MINUTE_MS });
    await bench.pass(1_000);
    expect(told<QueueStats>('queue.stats')).toMatchObject({ waiting: 3, atRisk: 0 });
    await set('queue.atRiskMinutes', 50);
    expect(told<QueueStats>('queue.stats')).toMatchObject({ waiting: 3, atRisk: 1 });
    await set('queue.firstItems', 2);
    expect(first()).toEqual(['G1', 'G2']);
  });
});
