import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { SystemClock } from '../../src/config/clock.js';
import { readPolicy } from '../../src/config/policy.js';
import { VirtualClock } from '../../src/config/virtual-clock.js';
import { InProcessAlarms } from '../../src/deadlines/in-process-alarms.js';
import { type AlarmsOnRedis, openAlarmsOnRedis } from '../support/alarms-on-redis.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeTimer } from '../support/fake-timer.js';
import { RedisProcess } from '../support/redis-process.js';
import { until } from '../support/until.js';
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

  describe('of several nodes', () => {
    const opened: AlarmsOnRedis[] = [];
    let folders: string[] = [];
    const open = async (folder: string) => {
      const clock = new SystemClock();
      const node = await openAlarmsOnRedis(redis.url, clock, { folder });
      opened.push(node);
      const rung: string[] = [];
      node.alarms.onRing((clockId) => rung.push(clockId));
      return { ...node, rung, arm: (clockId: string, inMs: number) => node.alarms.arm(clockId, clock.now() + inMs) };
    };
    beforeEach(async () => {
      folders = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'hub-alarms-'))));
    });
    afterEach(async () => {
      for (const node of opened.splice(0)) await node.close();
      for (const folder of folders) await rm(folder, { recursive: true });
    });

    it('ring once each, at whichever node, also those that every node armed', async () => {
      const [one, two] = [await open(folders[0]!), await open(folders[0]!)];
      const names = Array.from({ length: 60 }, (_, i) => `clock ${i}`);
      const dueAt = new SystemClock().now() + 1_000;
      for (const name of names) for (const { alarms } of [one, two]) alarms.arm(name, dueAt);
      await until('the alarms to lie on Redis, each once', async () => (await one.jobs()) === names.length);
      await one.pass(1_500);
      expect([...one.rung, ...two.rung].sort()).toEqual([...names].sort());
    });

    it('ring at the other nodes when the one that armed them is gone', async () => {
      const [one, two] = [await open(folders[0]!), await open(folders[0]!)];
      one.arm('orphan', 1_000);
      await until('the alarm to lie on Redis', async () => (await one.jobs()) === 1);
      await one.close();
      await two.pass(1_500);
      expect(two.rung).toEqual(['orphan']);
    });

    it('keep to themselves where several hubs share a Redis', async () => {
      const [one, other] = [await open(folders[0]!), await open(folders[1]!)];
      one.arm('the same name', 300);
      other.arm('the same name', 600);
      for (let i = 0; i < 20; i++) one.arm(`one’s own ${i}`, 300);
      await one.pass(1_000);
      expect(one.rung).toHaveLength(21);
      expect(other.rung).toEqual(['the same name']);
    });
  });

  describe('in an hour', () => {
    let node: AlarmsOnRedis;
    let rung: string[];
    const clock = new SystemClock();
    const machineTime = Date.now;
    beforeEach(async () => {
      node = await openAlarmsOnRedis(redis.url, clock, { horizonSeconds: 3_600 });
      rung = [];
      node.alarms.onRing((clockId) => rung.push(clockId));
    });
    afterEach(async () => {
      Date.now = machineTime;
      await node.close();
    });

    it('[CK2] keep their times when somebody sets the machine’s time ahead, or back', async () => {
      node.alarms.arm('overtaken', clock.now() + 1_800_000);
      node.alarms.arm('far', clock.now() + 3_500_000);
      await until('the alarms to lie on Redis', async () => (await node.jobs()) === 2);
      Date.now = () => machineTime() + 2_000_000;
      await until('the alarm that was overtaken to ring', () => rung.length > 0);
      expect(rung).toEqual(['overtaken']);
      const dueAt = clock.now() + 500;
      node.alarms.arm('put off', dueAt);
      await until('the alarm to lie on Redis', async () => (await node.jobs()) === 2);
      Date.now = () => machineTime() + 1_998_500;
      await until('the alarm that was put off to ring', () => rung.includes('put off'));
      expect(clock.now()).toBeGreaterThanOrEqual(dueAt);
      expect(rung).toEqual(['overtaken', 'put off']);
    });

    it('[AL4] take no more room than those do that are near, and none when they have rung', async () => {
      const base = Number(await redis.say('DBSIZE'));
      for (let i = 0; i < 20_000; i++) node.alarms.arm(`far ${i}`, clock.now() + 3_700_000 + i);
      for (let i = 0; i < 500; i++) node.alarms.arm(`near ${i}`, clock.now() + 200 + i);
      await until('all that is near to have rung', () => rung.length === 500);
      await until('Redis to be as empty as before', async () => (await node.jobs()) === 0);
      expect(Number(await redis.say('DBSIZE'))).toBeLessThanOrEqual(base + 5);
    });

    it('take a burst, each once', async () => {
      const names = Array.from({ length: 3_000 }, (_, i) => `burst ${i}`);
      for (const name of names) node.alarms.arm(name, clock.now() + 1_000);
      await until('all of the burst to have rung', () => rung.length >= names.length);
      expect(rung.sort()).toEqual(names.sort());
    });
  });

  it('[CK2] ring none that comes before the hub’s own time, and ask to be armed again', async () => {
    const clock = new FakeClock(Date.now());
    const node = await openAlarmsOnRedis(redis.url, clock);
    const told: string[] = [];
    let forgotten = 0;
    node.alarms.onRing((clockId) => told.push(clockId));
    node.alarms.onForgotten(() => (forgotten += 1));
    await until('Redis to serve', () => node.alarms.failing === undefined && forgotten > 0);
    const before = forgotten;
    const dueAt = clock.now() + 300;
    node.alarms.arm('early', dueAt);
    await until('to be told so', () => {
      node.alarms.realign();
      return forgotten > before;
    });
    expect(told).toEqual([]);
    clock.advance(300);
    node.alarms.arm('early', dueAt);
    await until('the alarm to ring', () => told.length > 0);
    expect(told).toEqual(['early']);
    await node.close();
  });

  it('[AL3] say what is wrong with Redis without telling its password', async () => {
    const locked = await RedisProcess.started({ password: 'the-right-password' });
    const lines: string[] = [];
    const say = (...words: unknown[]) => void lines.push(words.map((word) => inspect(word, { depth: 9 })).join(' '));
    const node = await openAlarmsOnRedis(
      `redis://hub:the-wrong%2Fpassword@127.0.0.1:${locked.port}/3`,
      new SystemClock(),
      { logger: { log: say, error: say, warn: say, debug: say, verbose: say, fatal: say } },
    );
    await until('the fault to be seen', () => {
      node.alarms.realign();
      return node.alarms.failing === 'alarms.redis';
    });
    node.alarms.arm('a', Date.now() + 10);
    await until('the fault to be told', () => lines.length > 0);
    expect(lines.join('\n')).toMatch(/WRONGPASS|NOAUTH/);
    expect(lines.join('\n')).not.toMatch(/wrong.{0,3}password|right-password/);
    await node.close();

    const right = await openAlarmsOnRedis(`${locked.url}/3`, new SystemClock());
    const rung: string[] = [];
    right.alarms.onRing((clockId) => rung.push(clockId));
    right.alarms.arm('a', Date.now() + 100);
    await until('the alarm to ring', () => rung.length === 1);
    expect(await locked.say('INFO keyspace')).toContain('db3:');
    await right.close();
    await locked.remove();
  });
});
