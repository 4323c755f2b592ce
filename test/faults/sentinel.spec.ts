import { SystemClock } from '../../src/config/clock.js';
import { RedisWakeUp } from '../../src/event-log/redis-wake-up.js';
import { openAlarmsOnRedis } from '../support/alarms-on-redis.js';
import { type ClockNode, openClockNode } from '../support/clock-node.js';
import { until } from '../support/until.js';
import { WatchedRedis } from '../support/watched-redis.js';

/** [I5] The most that a clock may be late while the hub is up. */
const MOST_LATE_MS = 2_000;
/** For sentinels to agree that it is gone, and for the hub to find the one in its place. */
const OUTAGE_MS = 20_000;

/** Open connections of this process. */
const lines = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('a Redis that sentinels watch', () => {
  let redis: WatchedRedis;
  let node: ClockNode;
  const nodes: RedisWakeUp[] = [];

  beforeAll(async () => {
    redis = await WatchedRedis.started();
    node = await openClockNode(redis.url);
  });
  afterAll(async () => {
    for (const wakeUp of nodes) wakeUp.close();
    await node?.end();
    await redis?.remove();
  });

  it('[AL1] [I5] is lost and another one takes its place: clocks ring once each in time, words and alarms go on', async () => {
    const [here, there] = [new RedisWakeUp(redis.url, 'words'), new RedisWakeUp(redis.url, 'words')];
    nodes.push(here, there);
    const heard: string[] = [];
    there.onWord((word, from) => heard.push(`${word} ${from}`));
    const carried = (from: string) =>
      until(
        `a word of ${from}`,
        () => {
          here.call('placed', from);
          return heard.includes(`placed ${from}`);
        },
        OUTAGE_MS,
      );
    let started = 0;
    const start = async (inMs: number) => {
      const name = `grace:${++started}`;
      await node.start(name, inMs);
      return name;
    };
    const alarmRings = () =>
      until(
        'a clock to ring by its alarm',
        async () => {
          const name = await start(300);
          await until(`${name} to ring`, async () => (await node.rung()).length === started, OUTAGE_MS);
          return node.byAlarm.includes(name);
        },
        2 * OUTAGE_MS,
      );
    await carried('before');
    await alarmRings();

    for (let n = 0; n < 40; n++) await start(4_000 + n * 100);
    // One of those that are to agree says nothing, and it is the one that is asked first.
    redis.pauseFirstSentinel();
    await redis.primary.kill();
    await node.allRung(OUTAGE_MS);
    await carried('after');
    await alarmRings();
    expect(await redis.replica.say('INFO replication')).toContain('role:master');
    expect([node.alarms.failing, here.failing, there.failing]).toEqual([undefined, undefined, undefined]);

    const rung = await node.rung();
    expect(new Set(rung.map(({ clockId }) => clockId)).size).toBe(rung.length);
    expect(rung).toHaveLength(started);
    const late = rung.map(({ dueAt, at }) => at - dueAt);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(MOST_LATE_MS);
  });

  it('a sentinel that stands still holds up no node that starts, and no line to it is left over', async () => {
    const before = lines();
    const wakeUp = new RedisWakeUp(redis.url, 'other words');
    nodes.push(wakeUp);
    const heard: string[] = [];
    wakeUp.onWord((word) => heard.push(word));
    await until('a word to be carried', () => (wakeUp.call('placed', 'here'), heard.includes('placed')), OUTAGE_MS);
    await until('one line for words to be left each way', () => lines() === before + 2);

    const clock = new SystemClock();
    const { alarms, close } = await openAlarmsOnRedis(redis.url, clock);
    const rung: string[] = [];
    alarms.onRing((clockId) => rung.push(clockId));
    alarms.arm('late', clock.now() + 300);
    await until('an alarm to ring', () => rung.includes('late'), OUTAGE_MS);
    await close();
    wakeUp.close();
    await until('no line to be left', () => lines() === before);
  });
});
