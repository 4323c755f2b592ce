import type { RedisProcess } from '../../test/support/redis-process.js';
import { dieAndReturn, type Lane, standStill } from './servers.js';

export const redisLane = (redis: RedisProcess): Lane => ({
  rest: 8,
  faults: [
    { kind: 'redis killed', weight: 1, befall: (random) => dieAndReturn(redis, random).then(() => 'redis') },
    { kind: 'redis flushed', weight: 1, befall: () => redis.flush().then(() => 'redis') },
    { kind: 'redis paused', weight: 1, befall: (random) => standStill(redis, random).then(() => 'redis') },
  ],
});
