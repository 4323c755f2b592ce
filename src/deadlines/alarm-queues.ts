import { BullModule, type BullModuleOptions } from '@nestjs/bull';
import type { DynamicModule } from '@nestjs/common';
import type { Queue } from 'bull';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { redisPlaceOf } from '../config/redis-place.js';
import { Settings } from '../config/settings.js';

/** The two ends of the one queue of alarms, by the names under which they are injected. */
export const PRODUCER = 'alarms.producer';
export const WORKER = 'alarms.worker';

/** Bull looks at its delayed jobs this often even if no message told it to: that bounds what a lost message costs. */
const LOOK_EVERY_MS = 250;
/** A worker's longest silence is that of its blocking read, 5 s; a line without a word for longer is cut. */
const WORKER_SILENCE_MS = 8_000;
/** The producer is asked something every second, and each of its commands has half a second. */
const PRODUCER_SILENCE_MS = 3_000;
const COMMAND_MS = 500;
const CONNECT_MS = 2_000;
const DISCONNECT_MS = 200;
const KEEP_ALIVE_MS = 5_000;

/** Both ends of the queue, each with connections of its own: what a worker waits for holds up no producer. */
export const alarmQueues = (): DynamicModule =>
  BullModule.registerQueueAsync(
    { name: PRODUCER, inject: [Settings], useFactory: producerOptions },
    { name: WORKER, inject: [Settings], useFactory: workerOptions },
  );

/** Says at once that it cannot, instead of waiting for a server that is away. */
const producerOptions = (settings: Settings): BullModuleOptions => ({
  ...common(settings),
  redis: {
    ...connection(settings.redisUrl!),
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_MS,
    socketTimeout: PRODUCER_SILENCE_MS,
  },
});

/** Waits for its server however long it is away, and sees a line that was cut without a word. */
const workerOptions = (settings: Settings): BullModuleOptions => ({
  ...common(settings),
  settings: { guardInterval: LOOK_EVERY_MS, retryProcessDelay: 1_000 },
  redis: { ...connection(settings.redisUrl!), maxRetriesPerRequest: null, socketTimeout: WORKER_SILENCE_MS },
});

const common = (settings: Settings) => ({
  name: 'alarms',
  // Nodes of one hub have their keys in common; two hubs at one Redis must not ring each other's clocks.
  prefix: `hub-${new KeyedDigest(settings).of('redis', 'alarms').slice(0, 16)}`,
});

function connection(url: string) {
  const { servers, name, username, password, db, tls } = redisPlaceOf(url)!;
  return {
    ...(name === undefined ? servers[0]! : { sentinels: [...servers], name, ...ASKING_SENTINELS }),
    ...(password && { password }),
    ...(username && { username }),
    db,
    ...(tls && { tls: {} }),
    connectTimeout: CONNECT_MS,
    disconnectTimeout: DISCONNECT_MS,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: retryAfterMs,
  };
}

const retryAfterMs = (times: number): number => Math.min(times * 100, 1_000);

/** At each connection anew, one after the other; one that stands still is not waited for. */
const ASKING_SENTINELS = { sentinelRetryStrategy: retryAfterMs, sentinelCommandTimeout: COMMAND_MS };

interface Connection {
  on(event: 'close', listener: () => void): unknown;
  socketTimeoutTimer?: NodeJS.Timeout;
}
/** Bull opens each of them when it is first asked for; only the first one is in its types. */
type Connections = Record<'client' | 'bclient' | 'eclient', Connection>;

/** ioredis keeps the timer by which it cuts a silent line when that line closes, and would cut the next one by it. */
export function mendSocketTimeout(queue: Queue, names: (keyof Connections)[]): void {
  for (const name of names) {
    const connection = (queue as unknown as Connections)[name];
    connection.on('close', () => {
      clearTimeout(connection.socketTimeoutTimer);
      delete connection.socketTimeoutTimer;
    });
  }
}
