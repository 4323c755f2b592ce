import { Logger } from '@nestjs/common';
import { readPolicy } from '../../src/config/policy.js';
import { VirtualClock } from '../../src/config/virtual-clock.js';
import { InProcessAlarms } from '../../src/deadlines/in-process-alarms.js';
import { openAlarmsOnRedis } from '../support/alarms-on-redis.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeTimer } from '../support/fake-timer.js';
import { RedisProcess } from '../support/redis-process.js';
import { alarmsContract } from './alarms.contract.js';

Logger.overrideLogger(false);

describe('alarms in the process', () => {
  alarmsContract(async () => {
    const machine = new FakeClock();
    const clock = new VirtualClock(machine);
    const timer = new FakeTimer(machine);
    const alarms = new InProcessAlarms(clock, timer, readPolicy('config'));
    return {
      alarms,
      now: () => clock.now(),
      pass: async (ms) => timer.advance(ms),
      jump: (ms) => clock.moveAheadTo(clock.aheadMs + ms),
      close: () => alarms.close(),
    };
  });

  it('has one timer, however many alarms', async () => {
    const clock = new FakeClock();
    const timer = new FakeTimer(clock);
    const alarms = new InProcessAlarms(clock, timer, readPolicy('config'));
    for (let i = 0; i < 1_000; i++) alarms.arm(`offer:${i}`, clock.now() + 1_000 + ((i * 7) % 500));
    expect(timer.pending).toBe(1);
    let rung = 0;
    alarms.onRing(() => (rung += 1));
    timer.advance(2_000);
    expect(rung).toBe(1_000);
    expect(timer.pending).toBe(0);
  });

  it('[CK2] waits for the rest when the system wakes it early', () => {
    const clock = new FakeClock();
    const works: (() => void)[] = [];
    const hasty = { after: (_ms: number, work: () => void) => (works.push(work), () => undefined) };
    const alarms = new InProcessAlarms(clock, hasty, readPolicy('config'));
    const rung: string[] = [];
    alarms.onRing((clockId) => rung.push(clockId));
    alarms.arm('offer:a', clock.now() + 1_000);
    clock.advance(999);
    works.shift()!();
    expect(rung).toEqual([]);
    clock.advance(1);
    works.shift()!();
    expect(rung).toEqual(['offer:a']);
  });
});

describe('alarms on Redis', () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.started();
  });
  afterAll(() => redis.remove());

  alarmsContract(async () => {
    const clock = new VirtualClock();
    const { alarms, pass, close } = await openAlarmsOnRedis(redis.url, clock);
    return {
      alarms,
      now: () => clock.now(),
      pass,
      jump: (ms) => clock.moveAheadTo(clock.aheadMs + ms),
      close,
    };
  });
});
