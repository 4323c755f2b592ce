import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getQueueToken } from '@nestjs/bull';
import type { LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Queue } from 'bull';
import type { Clock } from '../../src/config/clock.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { readPolicy } from '../../src/config/policy.js';
import { readSettings } from '../../src/config/settings.js';
import { alarmQueues, PRODUCER } from '../../src/deadlines/alarm-queues.js';
import { BullAlarms } from '../../src/deadlines/bull-alarms.js';
import { until } from './until.js';

export interface AlarmsOnRedis {
  alarms: BullAlarms;
  /** Waits for this much time to go by and for whatever became due by then to be off Redis. */
  pass(ms: number): Promise<void>;
  /** Jobs that Redis holds. */
  jobs(): Promise<number>;
  close(): Promise<void>;
}

export interface AlarmsOnRedisOptions {
  /** Alarms of the same hub have the same one. */
  folder?: string;
  horizonSeconds?: number;
  /** Outages are part of the tests: nothing is logged without one. */
  logger?: LoggerService;
}

/** The alarms on a real Redis as Nest wires them, without the rest of the hub. */
export async function openAlarmsOnRedis(
  url: string,
  clock: Clock,
  { folder, horizonSeconds = 3, logger }: AlarmsOnRedisOptions = {},
): Promise<AlarmsOnRedis> {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'hub-alarms-')));
  const settings = readSettings({ HUB_DATA_DIR: dataDir, HUB_ALARMS: 'bull', HUB_REDIS_URL: url });
  const policy = readPolicy(settings.configDir, { 'alarm.horizonSeconds': horizonSeconds });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.with(settings, policy, clock), alarmQueues()],
    providers: [BullAlarms],
  }).compile();
  module.useLogger(logger ?? false);
  await module.init();
  const alarms = module.get(BullAlarms);
  const queue = module.get<Queue>(getQueueToken(PRODUCER));
  const machine = () => clock.now() - clock.aheadMs;
  let closed: Promise<void> | undefined;
  const close = async () => {
    await alarms.close();
    await module.close();
    if (!folder) await rm(dataDir, { recursive: true, force: true });
  };
  return {
    alarms,
    pass: async (ms) => {
      const end = machine() + ms;
      await until('the time to pass', () => machine() >= end, ms + 5_000);
      if (queue.client.status !== 'ready') return;
      await until('what is due to be off Redis', async () => {
        const due = await queue.client.zcount(queue.toKey('delayed'), 0, end * 0x1000);
        const { waiting, active } = await queue.getJobCounts();
        return due + waiting + active === 0;
      });
    },
    jobs: async () => {
      const { waiting, active, delayed, completed, failed } = await queue.getJobCounts();
      return waiting + active + delayed + completed + failed;
    },
    close: () => (closed ??= close()),
  };
}
