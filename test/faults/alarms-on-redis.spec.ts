import { type ClockNode, openClockNode } from '../support/clock-node.js';
import { Line } from '../support/line.js';
import { RedisProcess } from '../support/redis-process.js';
import { until } from '../support/until.js';

/** [I5] The most that a clock may be late while the hub is up. */
const MOST_LATE_MS = 2_000;

describe('clocks whose alarms lie on Redis', () => {
  let redis: RedisProcess;
  let node: ClockNode | undefined;
  let line: Line | undefined;
  let names: string[];

  beforeEach(async () => {
    names = [];
    redis = await RedisProcess.create();
  });
  afterEach(async () => {
    await node?.end();
    await line?.close();
    await redis.remove();
    node = line = undefined;
  });

  /** One clock each, so many ms from now. */
  async function startClocks(prefix: string, times: number[]): Promise<void> {
    for (const [i, inMs] of times.entries()) {
      names.push(`grace:${prefix}${i}`);
      await node!.start(`grace:${prefix}${i}`, inMs);
    }
  }
  const spread = (count: number, fromMs: number, toMs: number) =>
    Array.from({ length: count }, (_, i) => fromMs + Math.round((i * (toMs - fromMs)) / count));

  async function expectEachOnceInTime(): Promise<void> {
    await node!.allRung(30_000);
    const rung = await node!.rung();
    expect(rung.map(({ clockId }) => clockId).sort()).toEqual([...names].sort());
    for (const { clockId, dueAt, at } of rung) {
      expect({ clockId, early: Math.max(0, dueAt - at) }).toEqual({ clockId, early: 0 });
      expect({ clockId, late: Math.max(0, at - dueAt - MOST_LATE_MS) }).toEqual({ clockId, late: 0 });
    }
  }
  const working = () => until('Redis to serve again', () => node!.alarms.failing === undefined);
  const broken = () => until('the loss to be seen', () => node!.alarms.failing === 'alarms.redis');
  const jobs = async () =>
    Number(
      await redis.say(
        `EVAL "local n = 0 for _, k in ipairs(redis.call('keys', '*:delayed')) do n = n + redis.call('zcard', k) end return n" 0`,
      ),
    );
  /** New clocks ring by their alarms again. */
  async function expectAlarmsAtWork(prefix: string): Promise<void> {
    await until(
      'an alarm to ring again',
      async () => {
        const nth = names.length;
        await startClocks(`${prefix}${nth}-`, [300]);
        await until(`${prefix}${nth} to ring`, async () => (await node!.rung()).length === names.length);
        return node!.byAlarm.includes(names.at(-1)!);
      },
      30_000,
    );
  }

  it('[AL1] [I5] ring once each, at their time, when Redis is emptied, and have their alarms again', async () => {
    await redis.start();
    node = await openClockNode(redis.url);
    await working();
    await startClocks('a', spread(120, 2_000, 7_000));
    await until('the alarms to lie on Redis', async () => (await jobs()) >= 100);
    await redis.flush();
    expect(await jobs()).toBe(0);
    await until('the alarms to lie on Redis again', async () => (await jobs()) >= 60);
    await expectEachOnceInTime();
    const late = names.slice(-40).filter((name) => !node!.byAlarm.includes(name));
    expect(late).toEqual([]);
  });

  it('[AL1] [AL2] [AL3] [I5] ring once each, at their time, while Redis is down and when it comes back empty', async () => {
    await redis.start();
    node = await openClockNode(redis.url);
    await working();
    await startClocks('a', spread(80, 500, 9_000));
    await redis.kill();
    await broken();
    await startClocks('b', spread(80, 300, 5_000));
    await until('some to ring without Redis', async () => (await node!.rung()).length >= 40);
    await redis.start();
    await working();
    await until('the alarms to lie on Redis again', async () => (await jobs()) > 0);
    await expectEachOnceInTime();
    await expectAlarmsAtWork('c');
    await expectEachOnceInTime();
  });

  it('[AL1] [AL2] [AL3] [I5] ring once each, at their time, where Redis is not there at the start, and comes later', async () => {
    node = await openClockNode(redis.url);
    await startClocks('a', spread(60, 200, 3_000));
    await broken();
    await expectEachOnceInTime();
    expect(node.byAlarm).toEqual([]);
    await startClocks('b', [8_000]);
    await redis.start();
    await working();
    await until('the alarm of a clock that runs to lie on Redis', async () => (await jobs()) === 1);
    await expectAlarmsAtWork('c');
    await expectEachOnceInTime();
  });

  it('[AL1] [AL2] [I5] ring once each, at their time, on a line that falls silent, and get a new one by themselves', async () => {
    await redis.start();
    line = await Line.to(redis.port);
    node = await openClockNode(redis.urlAt(line.port));
    await working();
    await startClocks('a', spread(40, 500, 4_000));
    await until('the alarms to lie on Redis', async () => (await jobs()) > 20);
    line.silence();
    await startClocks('b', spread(40, 500, 4_000));
    await broken();
    await working();
    await expectAlarmsAtWork('c');
    await expectEachOnceInTime();
  });

  it('[AL2] hold up no command while Redis stands still', async () => {
    await redis.start();
    node = await openClockNode(redis.url);
    await working();
    redis.pause();
    // Each that waited for Redis would take half a second: two minutes in all.
    const begun = performance.now();
    await startClocks('a', spread(240, 1_000, 3_000));
    expect(performance.now() - begun).toBeLessThan(30_000);
    await broken();
    await expectEachOnceInTime();
    redis.resume();
    await working();
    await expectAlarmsAtWork('c');
    await expectEachOnceInTime();
  });

  it('end in order while Redis is away or stands still', async () => {
    await redis.start();
    for (const fault of [async () => redis.pause(), () => redis.kill()]) {
      const ending = await openClockNode(redis.url);
      await until('Redis to serve', () => ending.alarms.failing === undefined);
      await ending.start('grace:far', 30_000);
      await fault();
      const begun = performance.now();
      await ending.end();
      expect(performance.now() - begun).toBeLessThan(5_000);
      redis.resume();
    }
    const late = await openClockNode(redis.url);
    await until('the loss to be seen', () => late.alarms.failing === 'alarms.redis');
    await late.end();
  });
});
