import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsString } from 'class-validator';
import { storageOf } from '../../src/app.module.js';
import { CommandBus } from '../../src/commands/command-bus.js';
import { type CommandContext, CommandHandler } from '../../src/commands/command-handler.js';
import { Handles } from '../../src/commands/handles.js';
import { SystemClock } from '../../src/config/clock.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { readPolicy } from '../../src/config/policy.js';
import { readSettings } from '../../src/config/settings.js';
import { alarmQueues } from '../../src/deadlines/alarm-queues.js';
import { ActsInTime } from '../../src/deadlines/acts-in-time.js';
import { Alarms } from '../../src/deadlines/alarms.js';
import { Beat } from '../../src/deadlines/beat.js';
import { BullAlarms } from '../../src/deadlines/bull-alarms.js';
import { ClockLedger } from '../../src/deadlines/clock-ledger.js';
import { RingClock } from '../../src/deadlines/ring-clock.js';
import { Sweeper } from '../../src/deadlines/sweeper.js';
import { SystemTimer, Timer } from '../../src/deadlines/timer.js';
import { EventLogModule } from '../../src/event-log/event-log.module.js';
import { Tail } from '../../src/event-log/tail.js';
import { AccountStore } from '../../src/identity/account-store.js';
import { HubSettings } from '../../src/identity/hub-settings.js';
import { People } from '../../src/identity/people.js';
import { UserSkills } from '../../src/identity/user-skills.js';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { openRaised, RAISED } from './test-signals.js';
import { until } from './until.js';

class RingPayload {
  @IsString() clockId!: string;
}

/** Stands for a feature's command that a clock issues: writes down that it rang, in the transaction in which it rings. */
@Handles('testRing')
class TestRing extends CommandHandler<RingPayload, object> {
  readonly payload = RingPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(private readonly clocks: ClockLedger) {
    super();
  }

  async handle({ clockId }: RingPayload, { tx, now }: CommandContext) {
    const row = await tx.one<{ due_at: number }>('SELECT due_at FROM clock WHERE clock_id = ?', [clockId]);
    if (await this.clocks.ring(tx, clockId, now)) {
      await tx.insert(RAISED, { clock_id: clockId, signal_at: row!.due_at, at: now });
    }
    return { ok: true as const, value: {} };
  }
}

@Global()
@Module({
  imports: [DiscoveryModule, alarmQueues()],
  providers: [
    CommandBus,
    People,
    AccountStore,
    UserSkills,
    HubSettings,
    { provide: Timer, useClass: SystemTimer },
    { provide: Alarms, useClass: BullAlarms },
    Beat,
    ActsInTime,
    ClockLedger,
    RingClock,
    Sweeper,
  ],
  exports: [CommandBus, People, UserSkills, HubSettings, Beat, ClockLedger],
})
class Foundations {}

export interface Rung {
  clockId: string;
  dueAt: number;
  at: number;
}

export interface ClockNode {
  alarms: Alarms;
  /** Clocks that an alarm rang for, as often as it did. */
  byAlarm: string[];
  /** Starts a clock in a transaction of its own. */
  start(clockId: string, inMs: number): Promise<void>;
  rung(): Promise<Rung[]>;
  /** Waits until every clock that was started has rung. */
  allRung(withinMs: number): Promise<void>;
  end(): Promise<void>;
}

/** The hub's clocks with their alarms on a real Redis, in real time, on a real database; the rest of the hub left out. */
export async function openClockNode(redisUrl: string): Promise<ClockNode> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-clocks-'));
  const settings = readSettings({ HUB_DATA_DIR: folder, HUB_ALARMS: 'bull', HUB_REDIS_URL: redisUrl });
  const clock = new SystemClock();
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(settings, readPolicy(settings.configDir), clock),
      await storageOf(settings),
      EventLogModule,
      Foundations,
    ],
    providers: [TestRing],
  }).compile();
  module.useLogger(false); // outages are part of the tests
  const get = <T>(type: abstract new (...args: never[]) => T): T => module.get(type, { strict: false });
  await get(Tail).start();
  await openRaised(get(UnitOfWork));
  const alarms = get(Alarms);
  const byAlarm: string[] = [];
  alarms.onRing((clockId) => byAlarm.push(clockId));
  await module.init();
  let started = 0;

  const node: ClockNode = {
    alarms,
    byAlarm,
    start: async (clockId, inMs) => {
      started += 1;
      await get(UnitOfWork).run((tx) => {
        const now = clock.now();
        const command = { name: 'testRing', payload: { clockId } };
        return get(ClockLedger).start(
          tx,
          { clockId, kind: 'GRACE', subject: 'seat:none', dueAt: now + inMs, command },
          now,
        );
      });
    },
    rung: () =>
      get(ReadModel).run(async (tx) =>
        (await tx.all<{ clock_id: string; signal_at: number; at: number }>(`SELECT * FROM ${RAISED} ORDER BY at`)).map(
          ({ clock_id, signal_at, at }) => ({ clockId: clock_id, dueAt: signal_at, at }),
        ),
      ),
    allRung: (withinMs) =>
      until('every clock to have rung', async () => (await node.rung()).length >= started, withinMs),
    end: async () => {
      await module.close();
      await rm(folder, { recursive: true });
    },
  };
  return node;
}
