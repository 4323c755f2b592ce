import fc from 'fast-check';
import { IsString } from 'class-validator';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import { FakeClock } from '../../test/support/fake-clock.js';
import { openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { openRaised, RAISED, setSignals, startSignals, TestSignals } from '../../test/support/test-signals.js';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { ok } from '../domain/result.js';
import type { Tx } from '../storage/unit-of-work.js';
import { Alarms } from './alarms.js';
import { ClockLedger } from './clock-ledger.js';

class RingPayload {
  @IsString() clockId!: string;
}

/** Stands for a feature's command of a clock with one signal. */
@Handles('testRing')
class TestRing extends CommandHandler<RingPayload, object> {
  readonly payload = RingPayload;
  readonly who: readonly Role[] = ['system'];
  outage = false;

  constructor(private readonly clocks: ClockLedger) {
    super();
  }

  async handle({ clockId }: RingPayload, { tx, now }: CommandContext) {
    if (this.outage) throw new Error('the database is away');
    const row = await tx.one<{ due_at: number }>('SELECT due_at FROM clock WHERE clock_id = ?', [clockId]);
    if (await this.clocks.ring(tx, clockId, now)) {
      await tx.insert(RAISED, { clock_id: clockId, signal_at: row!.due_at, at: now });
    }
    return ok({});
  }
}

const seconds = (min: number, max: number) => fc.integer({ min: min * 1_000, max: max * 1_000 });
const which = fc.nat(1_000);
const DAY = 24 * 60 * 60;

const deed = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      deed: fc.constant('start' as const),
      inMs: fc.array(seconds(0, 150), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ deed: fc.constant('startTimer' as const), inMs: seconds(0, 150) }) },
  { weight: 2, arbitrary: fc.record({ deed: fc.constant('stop' as const), which }) },
  { weight: 2, arbitrary: fc.record({ deed: fc.constant('move' as const), which, byMs: seconds(-100, 200) }) },
  { weight: 6, arbitrary: fc.record({ deed: fc.constant('pass' as const), ms: seconds(0, 40) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('jump' as const),
      byMs: fc.oneof(seconds(-90, 90), seconds(-30 * DAY, 30 * DAY)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('loseAlarms' as const), lost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('outage' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ deed: fc.constant('restart' as const), offMs: fc.oneof(fc.constant(0), seconds(0, 200)) }),
  },
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

interface Known {
  /** When it must ring, as far as it has not been stopped or moved. */
  signals: Set<number>;
  timer: boolean;
  /** What it had raised when it was stopped. */
  stopped?: number[];
}

/** The hub's clocks beside a plain list of what must ring when. */
class Model {
  private readonly known: [string, Known][] = [];
  private readonly used = new Set<number>();
  private alarmsLost = false;
  private outage = false;

  private constructor(
    private bench: QueueBench,
    private readonly clock: FakeClock,
  ) {}

  static async open(): Promise<Model> {
    const clock = new FakeClock();
    const model = new Model(await openQueueBench({ clock, providers: [TestSignals, TestRing] }), clock);
    await openRaised(model.bench.unitOfWork);
    model.wire();
    return model;
  }

  async do(deed: Deed): Promise<void> {
    const { bench, clock } = this;
    const now = clock.now();
    switch (deed.deed) {
      case 'start': {
        const due = deed.inMs.map((ms) => this.unique(now + ms)).sort((a, b) => a - b);
        const clockId = this.add({ signals: new Set(due), timer: false });
        return this.write((tx) => startSignals(tx, bench.get(Alarms), clockId, { due }, now));
      }
      case 'startTimer': {
        const dueAt = this.unique(now + deed.inMs);
        const clockId = this.add({ signals: new Set([dueAt]), timer: true });
        const command = { name: 'testRing', payload: { clockId } };
        const timer = { clockId, kind: 'OFFER', subject: 'item:none', dueAt, command } as const;
        return this.write((tx) => bench.get(ClockLedger).start(tx, timer, now));
      }
      case 'stop':
        return this.stop(deed.which);
      case 'move':
        return this.move(deed.which, deed.byMs);
      case 'pass':
        await bench.pass(deed.ms);
        // What has lost its alarm the next sweep finds.
        if (deed.ms >= 2_000 && !this.outage) await this.check({ dueBy: clock.now() - 1_000 });
        return;
      case 'jump':
        return clock.jump(deed.byMs);
      case 'loseAlarms':
        this.alarmsLost = deed.lost;
        return;
      case 'outage':
        this.outage = deed.on;
        return this.wire();
      case 'restart':
        await bench.stop();
        clock.advance(deed.offMs);
        this.bench = await openQueueBench({ folder: bench.folder, clock, providers: [TestSignals, TestRing] });
        this.wire();
        if (!this.outage) await this.check({ dueBy: clock.now() });
    }
  }

  /** Everything is whole again, and more time goes by than any signal needs. */
  async end(): Promise<void> {
    this.outage = false;
    this.wire();
    const last = Math.max(this.clock.now(), ...this.used);
    await this.bench.pass(3_000);
    await this.check({ dueBy: this.clock.now() - 1_000 });
    this.clock.advance(last - this.clock.now() + 1);
    await this.bench.pass(3_000);
    await this.check({ dueBy: last });
    await this.bench.end();
  }

  private async stop(n: number): Promise<void> {
    const [clockId, known] = this.known[n % this.known.length] ?? [];
    if (!clockId || !known || known.stopped) return;
    known.stopped = await this.bench.unitOfWork.run(async (tx) => {
      const raised = await tx.all<{ signal_at: number }>(`SELECT signal_at FROM ${RAISED} WHERE clock_id = ?`, [
        clockId,
      ]);
      await this.bench.get(ClockLedger).stop(tx, clockId, this.clock.now());
      return raised.map(({ signal_at }) => signal_at).sort();
    });
  }

  /** What it has not raised yet moves. */
  private async move(n: number, byMs: number): Promise<void> {
    const [clockId, known] = this.known[n % this.known.length] ?? [];
    if (!clockId || !known || known.timer || known.stopped) return;
    await this.write(async (tx) => {
      const row = await tx.one<{ payload: string }>('SELECT payload FROM clock WHERE clock_id = ?', [clockId]);
      const { due: before } = JSON.parse(row!.payload) as { due: number[] };
      const due = before.map((time) => this.unique(time + byMs)).sort((a, b) => a - b);
      for (const time of before) known.signals.delete(time);
      for (const time of due) known.signals.add(time);
      await setSignals(tx, this.bench.get(Alarms), clockId, { due });
    });
  }

  private async check({ dueBy }: { dueBy: number }): Promise<void> {
    const rows = await this.bench.readModel.run((tx) =>
      tx.all<{ clock_id: string; signal_at: number; at: number }>(`SELECT * FROM ${RAISED}`),
    );
    expect(rows.filter(({ signal_at, at }) => at < signal_at)).toEqual([]);
    for (const [clockId, { signals, stopped }] of this.known) {
      const raised = rows.filter(({ clock_id }) => clock_id === clockId).map(({ signal_at }) => signal_at);
      expect(new Set(raised).size).toBe(raised.length);
      if (stopped) expect(raised.sort()).toEqual(stopped);
      else expect(raised).toEqual(expect.arrayContaining([...signals].filter((time) => time <= dueBy)));
      expect(raised.filter((time) => !signals.has(time))).toEqual([]);
    }
  }

  private wire(): void {
    const signals = this.bench.get(TestSignals);
    const alarms = this.bench.get(Alarms);
    signals.outage = this.outage;
    this.bench.get(TestRing).outage = this.outage;
    const arm = Object.getPrototypeOf(alarms).arm as Alarms['arm'];
    alarms.arm = (clockId, dueAt) => {
      if (!this.alarmsLost) arm.call(alarms, clockId, dueAt);
    };
    signals.alarms = alarms;
  }

  private write(work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.bench.unitOfWork.run(work);
  }

  private add(known: Known): string {
    const clockId = `clock:${this.known.length}`;
    this.known.push([clockId, known]);
    return clockId;
  }

  /** No two signals of one clock have the same time, not even after a move. */
  private unique(time: number): number {
    while (this.used.has(time)) time += 1;
    this.used.add(time);
    return time;
  }
}

describe('clocks and the hub’s time', () => {
  it('[I5] [CK1] [CK2] [CK4] [CK5] raise every signal once, none early and none after a stop, whatever befalls the time, the alarms and the hub', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 40 }), async (deeds) => {
        const model = await Model.open();
        for (const each of deeds) await model.do(each);
        await model.end();
      }),
      { numRuns: 30 },
    );
  });
});
