import { PROFILE } from '../../test/support/profile.js';
import { openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { openRaised, RAISED, startSignals, TestSignals } from '../../test/support/test-signals.js';
import { derivedId } from '../commands/derived-id.js';
import { SYSTEM } from '../identity/actor.js';
import type { ReadModel, ReadTx, Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { ActsInTime } from './acts-in-time.js';
import { Alarms } from './alarms.js';
import { DeadlineLedger } from './deadline-ledger.js';
import { dueAmong, runningBetween } from './due-clocks.js';
import { RingClock } from './ring-clock.js';

interface Raised {
  clock_id: string;
  signal_at: number;
  at: number;
}

describe('clocks with several signals', () => {
  let bench: QueueBench;
  let signals: TestSignals;

  beforeEach(async () => {
    bench = await openQueueBench({ providers: [TestSignals] });
    signals = bench.get(TestSignals);
    signals.alarms = bench.get(Alarms);
    await openRaised(bench.unitOfWork);
  });
  afterEach(() => bench.end());

  const deaf: Pick<Alarms, 'arm'> = { arm: () => undefined };
  const start = (clockId: string, inMs: number[], manner: { bad?: boolean; stubborn?: boolean } = {}, alarms = deaf) =>
    bench.unitOfWork.run((tx) => {
      const now = bench.clock.now();
      return startSignals(tx, alarms, clockId, { due: inMs.map((ms) => now + ms), ...manner }, now);
    });
  const names = (n: number) => Array.from({ length: n }, (_, i) => `clock:${String(i).padStart(5, '0')}`);
  const raised = () =>
    bench.readModel.run((tx) => tx.all<Raised>(`SELECT * FROM ${RAISED} ORDER BY signal_at, clock_id`));
  const raisedIds = async () => (await raised()).map(({ clock_id }) => clock_id);
  const rowOf = (clockId: string) =>
    bench.readModel.run((tx) =>
      tx.one<{ state: string; next_signal_at: number | null }>(
        'SELECT state, next_signal_at FROM clock WHERE clock_id = ?',
        [clockId],
      ),
    );

  it('[CK2] [I5] rings for each signal at its time, once', async () => {
    const t = bench.clock.now();
    await start('clock:a', [1_500, 70_000, 86_400_000], {}, bench.get(Alarms));
    await bench.pass(1_499);
    expect(await raised()).toEqual([]);
    await bench.pass(1);
    expect((await raised()).map(({ at }) => at - t)).toEqual([1_500]);
    await bench.pass(68_500);
    expect((await raised()).map(({ at }) => at - t)).toEqual([1_500, 70_000]);
    bench.clock.advance(86_400_000);
    await bench.pass(2_000);
    await bench.pass(10_000);
    expect((await raised()).map(({ signal_at }) => signal_at - t)).toEqual([1_500, 70_000, 86_400_000]);
    expect(await rowOf('clock:a')).toEqual({ state: 'running', next_signal_at: null });
  });

  it('[CK9] puts those that come up together into one command, at most 100', async () => {
    const ids = names(450);
    await Promise.all(ids.map((id) => start(id, [1_500], {}, bench.get(Alarms))));
    await bench.pass(1_500);
    expect(await raisedIds()).toEqual(ids);
    expect(signals.calls.map((clockIds) => clockIds.length)).toEqual([100, 100, 100, 100, 50]);
  });

  it('[CK9] lets those wait for company no longer than until the event loop comes round', async () => {
    await start('clock:a', [0]);
    const stores = [watched(bench.readModel), watched(bench.unitOfWork)];
    let turns = 0;
    let counting: NodeJS.Immediate;
    const count = () => {
      // Who waits for the database does not wait for company.
      if (stores.every(({ asked }) => asked() === 0)) turns += 1;
      counting = setImmediate(count);
    };
    const rung = bench.get(RingClock).ring('clock:a');
    count();
    await rung;
    clearImmediate(counting!);
    expect(await raisedIds()).toEqual(['clock:a']);
    expect(turns).toBeLessThanOrEqual(5);
  });

  it('[CK9] lets no clock that cannot ring stand in the way of its company, the next time not even for a moment', async () => {
    const ids = names(300);
    await Promise.all(ids.map((id) => start(id, [900], { bad: id === 'clock:00007' })));
    await bench.pass(1_000);
    expect(await raisedIds()).toEqual(ids.filter((id) => id !== 'clock:00007'));
    expect((await rowOf('clock:00007'))!.next_signal_at).not.toBeNull();

    signals.calls.length = 0;
    await Promise.all(['x', 'y'].map((id) => start(id, [900])));
    await bench.pass(1_000);
    expect(signals.calls.sort()).toEqual([['clock:00007'], ['x', 'y']]);
    expect((await raised()).slice(-2).map(({ clock_id }) => clock_id)).toEqual(['x', 'y']);
  });

  it('[CK3] rings them all once an outage is over', async () => {
    const ids = names(30);
    signals.outage = true;
    await Promise.all(ids.map((id) => start(id, [500])));
    await bench.pass(3_000);
    expect(await raised()).toEqual([]);
    signals.outage = false;
    await bench.pass(1_000);
    expect(await raisedIds()).toEqual(ids);
    await bench.pass(3_000);
    expect(await raisedIds()).toEqual(ids);
  });

  it('[CK3] asks no more about a signal that its command left as it was, and lets the clock run on', async () => {
    await start('clock:a', [500], { stubborn: true });
    await start('clock:b', [500]);
    await bench.pass(5_000);
    expect(signals.calls).toEqual([['clock:a', 'clock:b'], ['clock:a']]);
    expect(await rowOf('clock:a')).toEqual({ state: 'running', next_signal_at: null });
    expect(await raisedIds()).toEqual(['clock:b']);
  });

  it('[CK3] has one effect when several nodes ring the same signals at once', async () => {
    const ids = names(60);
    await Promise.all(ids.map((id) => start(id, [500])));
    bench.clock.advance(500);
    const other = new RingClock(
      bench.bus,
      bench.get(RingClock)['clocks'],
      bench.clock,
      bench.readModel,
      bench.unitOfWork,
      bench.get(ActsInTime),
    );
    await Promise.all([
      ...ids.map((id) => bench.get(RingClock).ring(id)),
      ...ids.slice(20).map((id) => other.ring(id)),
      ...ids.slice(0, 5).map((id) => other.ring(id)),
    ]);
    expect(await raisedIds()).toEqual(ids);
  });

  it('[CK2] [CK3] rings at its time when the hub’s time was set back just before the command was carried out', async () => {
    await start('clock:a', [1_000]);
    bench.clock.advance(1_000);
    const { unitOfWork } = bench;
    const run = unitOfWork.run.bind(unitOfWork);
    unitOfWork.run = (work) => {
      unitOfWork.run = run;
      bench.clock.jump(-5_000);
      return run(work);
    };
    await bench.get(RingClock).ring('clock:a');
    expect(signals.calls).toEqual([['clock:a']]);
    await bench.pass(4_999);
    expect(await raised()).toEqual([]);
    await bench.pass(1_001);
    expect(await raisedIds()).toEqual(['clock:a']);
  });

  it('[CK9] lets people have their turn while very many ring', async () => {
    const ids = names(3_000);
    await Promise.all(ids.map((id) => start(id, [0])));
    const actor = await bench.seat(1);
    const rung = Promise.all(ids.map((id) => bench.get(RingClock).ring(id)));
    const raisedBefore: number[] = [];
    for (let n = 0; n < 5; n++) {
      await bench.presence(actor, n % 2 ? 'ready' : 'break');
      raisedBefore.push((await raised()).length);
    }
    // Each is answered within the next command of signals or two, not after all of them.
    expect(raisedBefore.at(-1)!).toBeLessThanOrEqual(5 * 2 * 100);
    await rung;
    expect(await raised()).toHaveLength(3_000);
  });

  it('[CK5] [I5] leaves to the next start what has not begun to ring when the hub ends', async () => {
    const ids = names(2_000);
    await Promise.all(ids.map((id) => start(id, [0])));
    const rung = Promise.all(ids.map((id) => bench.get(RingClock).ring(id)));
    await bench.stop();
    expect((await rung).filter(Boolean)).toEqual([]);
    expect(signals.calls.flat().length).toBeLessThan(2_000);
    bench = await openQueueBench({ folder: bench.folder, clock: bench.clock, providers: [TestSignals] });
    expect(bench.get(TestSignals).calls.flat().length).toBeGreaterThan(0);
    expect(await raisedIds()).toEqual(ids);
  });

  it('[CK9] derives the id of a command from its clocks and their signals', async () => {
    const t = bench.clock.now();
    await Promise.all([start('clock:b', [0, 60_000]), start('clock:a', [0])]);
    bench.clock.advance(10);
    await Promise.all(['clock:b', 'clock:a'].map((id) => bench.get(RingClock).ring(id)));
    const issued = await bench.readModel.run((tx) =>
      tx.all<{ command_id: string }>(`SELECT command_id FROM command WHERE actor_id = ? AND name = 'signalDeadlines'`, [
        SYSTEM.userId,
      ]),
    );
    expect(issued).toEqual([{ command_id: derivedId(`clock:a ${t}`, `clock:b ${t}`) }]);
  });

  // What SQLite does without statistics; MariaDB keeps some.
  if (PROFILE === 'embedded')
    describe('among a million others', () => {
      /** How SQLite would go about what is read. */
      async function plansOf(read: (tx: Tx) => Promise<unknown>): Promise<string[]> {
        const plans: string[] = [];
        await bench.readModel.run(async (tx) => {
          const all: ReadTx['all'] = async (sql, params) => {
            const plan = await tx.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
            plans.push(...plan.map(({ detail }) => detail));
            return [];
          };
          await read({ all, forUpdate: '' } as Tx);
        });
        return plans;
      }
      const many = names(100);
      const ledger = new DeadlineLedger(deaf as Alarms, undefined as never);
      const BY_KEY = /^(SEARCH clock USING INDEX sqlite_autoindex_clock_1|USE TEMP B-TREE FOR DISTINCT)/;

      it('[CK4] [CK6] what is due and near is read from an index that has all of it', async () => {
        expect(await plansOf((tx) => runningBetween(tx, { clockId: '', signalAt: 0 }, 1, 200))).toEqual([
          'SEARCH clock USING COVERING INDEX clock_in_order_of_signals (state=? AND next_signal_at>? AND next_signal_at<?)',
        ]);
      });

      it.each<[string, (tx: Tx) => Promise<unknown>]>([
        ['what may ring', (tx) => dueAmong(tx, many, 1)],
        ['what says something', (tx) => ledger.lockRunning(tx, many)],
        ['what they run for', (tx) => ledger.subjectsOf(tx, many)],
        ['the next ones to be counted anew', (tx) => ledger.running(tx, 'clock:', 200)],
      ])('[CK4] %s is read by its key', async (_what, read) => {
        const plans = await plansOf(read);
        expect(plans.length).toBeGreaterThan(0);
        for (const plan of plans) expect(plan).toMatch(BY_KEY);
      });

      it('[CK4] the clocks of orders are read by what they run for', async () => {
        const orders = many.map((name) => `order:${name}`);
        expect(await plansOf((tx) => ledger.ofAll(tx, orders))).toEqual([
          'SEARCH clock USING INDEX clock_by_subject (subject=?)',
        ]);
      });
    });
});

/** How many pieces of work it is asked for and has not ended, from now on. */
function watched(store: ReadModel | UnitOfWork): { asked: () => number } {
  let asked = 0;
  const run = store.run.bind(store) as ReadModel['run'];
  store.run = async (...work: Parameters<typeof run>) => {
    asked += 1;
    return run(...work).finally(() => (asked -= 1)) as Promise<never>;
  };
  return { asked: () => asked };
}
