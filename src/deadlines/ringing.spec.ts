import { IsString } from 'class-validator';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import { openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { Clock } from '../config/clock.js';
import { ok, refuse } from '../domain/result.js';
import { ActsInTime } from './acts-in-time.js';
import { Alarms } from './alarms.js';
import { ClockLedger } from './clock-ledger.js';
import { RingClock } from './ring-clock.js';

class AnswerPayload {
  @IsString() clockId!: string;
  @IsString() manner!: 'rings' | 'fails' | 'refuses' | 'forgets';
}

interface Call {
  clockId: string;
  at: number;
  rang: boolean | undefined;
}

describe('ringing', () => {
  let bench: QueueBench;
  let calls: Call[];
  /** While it lasts, a clock that `fails` cannot be answered. */
  let outage: boolean;

  /** Stands for a feature's command that a clock issues. */
  @Handles('testRing')
  class TestRing extends CommandHandler<AnswerPayload, object> {
    readonly payload = AnswerPayload;
    readonly who: readonly Role[] = ['system'];

    constructor(
      private readonly clocks: ClockLedger,
      private readonly time: Clock,
    ) {
      super();
    }

    async handle({ clockId, manner }: AnswerPayload, { tx, now }: CommandContext) {
      const call: Call = { clockId, at: this.time.now(), rang: undefined };
      calls.push(call);
      if (manner === 'fails' && outage) throw new Error('the database is away');
      if (manner === 'refuses') return refuse('transition_not_allowed', '不可');
      if (manner !== 'forgets') call.rang = await this.clocks.ring(tx, clockId, now);
      return ok({});
    }
  }

  const open = (options: { folder?: string; clock?: QueueBench['clock'] } = {}) =>
    openQueueBench({ ...options, providers: [TestRing] });

  beforeEach(async () => {
    calls = [];
    outage = true;
    bench = await open();
  });
  afterEach(() => bench.end());

  const start = (
    clockId: string,
    inMs: number,
    manner: AnswerPayload['manner'] = 'rings',
    ledger = bench.get(ClockLedger),
  ) =>
    bench.unitOfWork.run((tx) =>
      ledger.start(
        tx,
        {
          clockId,
          kind: 'GRACE',
          subject: 'seat:none',
          dueAt: bench.clock.now() + inMs,
          command: { name: 'testRing', payload: { clockId, manner } },
        },
        bench.clock.now(),
      ),
    );
  /** A ledger whose alarms all get lost. */
  const deaf = () => new ClockLedger({ arm: () => undefined } as unknown as Alarms);
  const rang = () => calls.filter((call) => call.rang).map(({ clockId }) => clockId);
  const stateOf = (clockId: string) =>
    bench.readModel.run(
      async (tx) => (await tx.one<{ state: string }>('SELECT state FROM clock WHERE clock_id = ?', [clockId]))!.state,
    );

  it('[CK2] [I5] rings at its time by its alarm, once, and never before', async () => {
    const dueAt = bench.clock.now() + 2_345;
    await start('grace:a', 2_345);
    await bench.pass(2_344);
    expect(calls).toEqual([]);
    await bench.pass(1);
    expect(calls).toEqual([{ clockId: 'grace:a', at: dueAt, rang: true }]);
    await bench.pass(10_000);
    expect(calls).toHaveLength(1);
    expect(await stateOf('grace:a')).toBe('rung');
  });

  it('[CK1] says nothing of a clock that was stopped in time', async () => {
    await start('grace:a', 2_000);
    await bench.pass(1_999);
    await bench.unitOfWork.run((tx) => bench.get(ClockLedger).stop(tx, 'grace:a', bench.clock.now()));
    await bench.pass(10_000);
    expect(calls).toEqual([]);
  });

  it('[CK4] finds within a second what its alarm missed', async () => {
    await start('grace:a', 2_500, 'rings', deaf());
    await bench.pass(2_500);
    expect(rang()).toEqual([]);
    await bench.pass(1_000);
    expect(rang()).toEqual(['grace:a']);
  });

  it('[CK4] rings any number that fall due at once, in batches', async () => {
    const ids = Array.from({ length: 450 }, (_, i) => `grace:${i}`);
    await Promise.all(ids.map((id) => start(id, 1_500, 'rings', deaf())));
    await bench.pass(2_000);
    expect(rang().sort()).toEqual([...ids].sort());
  });

  it('[CK4] counts alarms anew at every sweep', async () => {
    let counted = 0;
    bench.get(Alarms).realign = () => (counted += 1);
    await bench.pass(3_000);
    expect(counted).toBe(3);
  });

  it('[CK6] gives far clocks their alarm when they come near', async () => {
    const dueAt = bench.clock.now() + 600_500;
    await start('grace:far', 600_500);
    await bench.pass(600_000);
    expect(calls).toEqual([]);
    await bench.pass(500);
    expect(calls).toEqual([{ clockId: 'grace:far', at: dueAt, rang: true }]);
  });

  it('[CK5] [I5] rings what fell due while the hub was off, once, and keeps what did not', async () => {
    const ids = Array.from({ length: 250 }, (_, i) => `grace:${i}`);
    await Promise.all(ids.map((id) => start(id, 5_000)));
    await start('grace:later', 7_200_000);
    await bench.stop();
    bench.clock.advance(3_600_000);
    bench = await open({ folder: bench.folder, clock: bench.clock });
    expect(rang().sort()).toEqual([...ids].sort());
    expect(calls).toHaveLength(250);
    expect(await stateOf('grace:later')).toBe('running');
  });

  it('[CK3] issues a command again that failed in an outage, and it has one effect', async () => {
    await start('grace:a', 1_000, 'fails');
    await bench.pass(1_000);
    await bench.pass(1_000);
    await bench.pass(1_000);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(rang()).toEqual([]);
    expect(await stateOf('grace:a')).toBe('running');
    outage = false;
    await bench.pass(1_000);
    expect(rang()).toEqual(['grace:a']);
    await bench.pass(5_000);
    expect(rang()).toEqual(['grace:a']);
  });

  it('[CK3] has one effect when alarm, sweep and others ring at once', async () => {
    await start('grace:a', 1_000, 'rings', deaf());
    bench.clock.advance(1_000);
    const others = [
      bench.get(RingClock),
      new RingClock(bench.bus, deaf(), bench.clock, bench.readModel, bench.unitOfWork, bench.get(ActsInTime)),
    ];
    await Promise.all(others.flatMap((ringClock) => [ringClock.ring('grace:a'), ringClock.ring('grace:a')]));
    await bench.pass(3_000);
    expect(rang()).toEqual(['grace:a']);
  });

  it('[CK4] lets no clock that cannot ring stand in the way of the others', async () => {
    await Promise.all(Array.from({ length: 250 }, (_, i) => start(`grace:bad${i}`, 500, 'fails', deaf())));
    await start('grace:good', 900, 'rings', deaf());
    await bench.pass(1_000);
    expect(rang()).toEqual(['grace:good']);
  });

  it.each(['refuses', 'forgets'] as const)(
    'counts a clock as rung whose command %s, and issues it no more',
    async (manner) => {
      await start('grace:a', 1_000, manner);
      await bench.pass(5_000);
      await bench.pass(5_000);
      expect(calls).toHaveLength(1);
      expect(await stateOf('grace:a')).toBe('rung');
    },
  );
});
