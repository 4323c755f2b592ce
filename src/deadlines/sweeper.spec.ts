import { FakeClock } from '../../test/support/fake-clock.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { Alarms } from './alarms.js';
import type { Beat } from './beat.js';
import type { RingClock } from './ring-clock.js';
import { Sweeper } from './sweeper.js';

const HORIZON_MS = 60_000;

/** Writes down what it is asked to arm. */
class WrittenAlarms extends Alarms {
  readonly horizonMs = HORIZON_MS;
  readonly armed = new Map<string, number>();
  asked = 0;

  arm(clockId: string, dueAt: number): void {
    this.asked += 1;
    this.armed.set(clockId, dueAt);
  }
  realign(): void {}
  onRing(): void {}
  async close(): Promise<void> {}
}

describe('the sweeper', () => {
  let store: TestStore;
  let clock: FakeClock;
  let alarms: WrittenAlarms;
  let beat: () => Promise<void>;
  let sweeper: Sweeper;
  let rung: string[];
  let onRing: () => Promise<void>;

  beforeEach(async () => {
    store = await openTestStore();
    clock = new FakeClock();
    alarms = new WrittenAlarms();
    rung = [];
    onRing = async () => undefined;
    const listeners: (() => Promise<void>)[] = [];
    const ringClock = {
      ring: async (clockId: string) => {
        rung.push(clockId);
        await onRing();
      },
      close: async () => undefined,
    };
    sweeper = new Sweeper(
      { each: (listener: () => Promise<void>) => listeners.push(listener) } as unknown as Beat,
      alarms,
      ringClock as unknown as RingClock,
      clock,
      store.readModel,
    );
    sweeper.onModuleInit();
    beat = async () => void (await Promise.all(listeners.map((listener) => listener())));
  });
  afterEach(() => store.close());

  const start = (count: number, dueAt: (nth: number) => number) =>
    store.unitOfWork.run(async (tx) => {
      for (let n = 0; n < count; n++) {
        await tx.insert('clock', {
          clock_id: `clock:${String(n).padStart(5, '0')}`,
          kind: 'TEST',
          subject: 'order:none',
          started_at: 0,
          due_at: dueAt(n),
          state: 'running',
          ended_at: null,
          next_signal_at: dueAt(n),
          command: 'testRing',
          payload: '{}',
        });
      }
    });

  it('[CK6] arms no more than some thousands ahead, however many come near, and each in time', async () => {
    const from = clock.now() + 5_000;
    await start(12_000, (nth) => from + Math.floor(nth * 2.5));
    for (let second = 0; second < 36; second++) {
      await beat();
      const [now, times] = [clock.now(), [...alarms.armed.values()]];
      expect(times.filter((dueAt) => dueAt > now).length).toBeLessThanOrEqual(10_000);
      // All of those that are due before the next beat have an alarm.
      const expected = Math.max(0, Math.min(12_000, Math.ceil((now + 1_000 - from) / 2.5)));
      expect(times.filter((dueAt) => dueAt <= now + 1_000).length).toBeGreaterThanOrEqual(expected);
      clock.advance(1_000);
    }
    expect(alarms.armed.size).toBe(12_000);
  });

  it('[CK6] reads what is near twice a horizon, not at every beat', async () => {
    await start(10, (nth) => clock.now() + 20_000 + nth * 1_000);
    for (let second = 0; second < 20; second++) {
      await beat();
      clock.advance(1_000);
    }
    expect(alarms.asked).toBe(10);
  });

  it('[CK4] arms what is near now when the hub’s time was set back', async () => {
    await beat();
    clock.jump(-86_400_000);
    await start(3, (nth) => clock.now() + 30_000 + nth);
    await beat();
    expect(alarms.armed.size).toBe(3);
  });

  it('[CK5] begins nothing more once the hub ends, and leaves the rest to its next start', async () => {
    await start(1_000, () => clock.now() - 1);
    onRing = () => sweeper.beforeApplicationShutdown();
    await beat();
    expect(rung.length).toBeGreaterThan(0);
    expect(rung.length).toBeLessThanOrEqual(200);
  });
});
