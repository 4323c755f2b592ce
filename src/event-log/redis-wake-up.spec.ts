import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisProcess } from '../../test/support/redis-process.js';
import { until } from '../../test/support/until.js';
import { RedisWakeUp } from './redis-wake-up.js';

let redis: RedisProcess;
const open: RedisWakeUp[] = [];

beforeAll(async () => {
  // Outages are part of the tests.
  Logger.overrideLogger(false);
  redis = await RedisProcess.started({ password: 'pa:ss@' });
});
afterAll(() => redis.remove());
afterEach(() => {
  for (const node of open.splice(0)) node.close();
});

function openNode(channel = 'hub-a'): { node: RedisWakeUp; heard: string[] } {
  const node = new RedisWakeUp(redis.url, channel);
  const heard: string[] = [];
  node.onWord((word, from) => heard.push(`${word} ${from}`));
  open.push(node);
  return { node, heard };
}

/** Says it until it is heard: until both lines stand, words are lost. */
const heardBy = (what: string, say: () => void, { heard }: { heard: string[] }, word: string) =>
  until(what, () => {
    say();
    return heard.includes(word);
  });

describe('wake-up over Redis', () => {
  it('carries words to the other nodes of the hub, and to no other hub', async () => {
    const [a, b, stranger] = [openNode(), openNode(), openNode('hub-b')];
    await heardBy('a word of the other node', () => a.node.call('committed', 'a'), b, 'committed a');
    await heardBy('a word of the stranger', () => stranger.node.call('placed', 's'), stranger, 'placed s');
    expect(new Set(b.heard)).toEqual(new Set(['committed a']));
    expect(stranger.heard).not.toContain('committed a');
    expect(a.node.failing).toBeUndefined();
  });

  it('keeps nobody waiting while Redis is away, says so, and comes back by itself', async () => {
    const [a, b] = [openNode(), openNode()];
    await heardBy('a first word', () => a.node.call('placed', 'a'), b, 'placed a');
    await redis.kill();
    const began = performance.now();
    for (let n = 0; n < 10_000; n++) a.node.call('committed', 'a');
    expect(performance.now() - began).toBeLessThan(2_000);
    await until('the outage to be told', () => a.node.failing === 'wakeUp.redis');
    await redis.start();
    b.heard.length = 0;
    await heardBy('a word after the outage', () => a.node.call('placed', 'a'), b, 'placed a');
    await until('the outage to be over', () => a.node.failing === undefined);
  });

  it('leaves a Redis that stands still, keeps no more than one word of each, and finds it again', async () => {
    const [a, b] = [openNode(), openNode()];
    await heardBy('a first word', () => a.node.call('placed', 'a'), b, 'placed a');
    redis.pause();
    for (let n = 0; n < 10_000; n++) a.node.call('committed', 'a');
    await until('the silence to be told', () => a.node.failing === 'wakeUp.redis');
    redis.resume();
    b.heard.length = 0;
    await heardBy('a word after the silence', () => a.node.call('placed', 'a'), b, 'placed a');
    expect(b.heard.filter((word) => word === 'committed a').length).toBeLessThan(5);
  });
});
