import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { askRedis, redis, type RedisDoor, redisUrl } from '../deploy/cluster/redis.js';
import { Fault } from '../simulation/fault.js';
import { freePort } from '../simulation/free-port.js';
import type { Say } from '../simulation/progress.js';
import { ClockRows } from './clock-rows.js';
import { OwnHub, pause } from './own-hub.js';

/** From writing them until the first of the near clocks is due: within the horizon of alarms, and long enough to look. */
const NEAR_MS = 45_000;
/** So long it is looked at after every near clock has its alarm: some looks of the hub at what else is to be armed. */
const WATCHED_MS = 4_000;
const LOOK_EVERY_MS = 100;

/** The most that a Redis held at one moment. */
export interface HeldOnRedis {
  nearClocks: number;
  keys: number;
  /** `used_memory`, and of it what a Redis has for itself before a hub comes. */
  memoryMiB: number;
  emptyMiB: number;
}

/**
 * What lies on an empty Redis of its own once the hub of `dataDir` keeps its alarms there, has begun to serve and armed
 * these clocks, which are moved near for it. None of them rings: the hub is stopped before.
 * @throws {Fault} when they do not all get an alarm before they are due
 */
export async function heldOnRedis(dataDir: string, clockIds: readonly string[], say: Say): Promise<HeldOnRedis> {
  const door = { port: await freePort(), password: randomBytes(24).toString('hex') };
  const server = await redis({ ...door, folder: join(dataDir, 'redis'), say });
  const env = { HUB_PROFILE: 'embedded', HUB_ALARMS: 'bull', HUB_REDIS_URL: redisUrl(door) };
  const hub = await OwnHub.at(dataDir, env);
  try {
    await server.start();
    const { memoryMiB: emptyMiB } = await holds(door);
    const dueFrom = Date.now() + NEAR_MS;
    moveDue(dataDir, clockIds, dueFrom);
    await hub.start();
    const most = await mostHeld(door, clockIds.length, dueFrom);
    say(`${clockIds.length} of them are near: ${most.keys} keys on Redis, ${most.memoryMiB} MiB`);
    return { nearClocks: clockIds.length, ...most, emptyMiB };
  } finally {
    await hub.stop();
    await server.stop();
  }
}

function moveDue(dataDir: string, clockIds: readonly string[], from: number): void {
  const rows = new ClockRows(dataDir);
  rows.moveDue(clockIds, (nth) => from + nth);
  rows.close();
}

async function mostHeld(door: RedisDoor, nearClocks: number, dueFrom: number) {
  let most = { keys: 0, memoryMiB: 0 };
  for (let end = Infinity; Date.now() < end; await pause(LOOK_EVERY_MS)) {
    const now = await holds(door);
    most = { keys: Math.max(most.keys, now.keys), memoryMiB: Math.max(most.memoryMiB, now.memoryMiB) };
    // Each alarm is a key of its own; a few more are the queue's.
    if (most.keys >= nearClocks) end = Math.min(end, Date.now() + WATCHED_MS);
    if (Date.now() >= dueFrom) throw new Fault(`The near clocks fall due with ${most.keys} keys on Redis.`);
  }
  return most;
}

async function holds(door: RedisDoor) {
  const answer = await askRedis(door, 'INFO memory\r\nDBSIZE');
  const [, bytes] = /^used_memory:(\d+)/m.exec(answer) ?? [];
  const [, keys] = /^:(\d+)/m.exec(answer) ?? [];
  if (bytes === undefined || keys === undefined) throw new Fault(`Redis does not tell what it holds: ${answer}`);
  return { keys: Number(keys), memoryMiB: Math.round((Number(bytes) / 2 ** 20) * 100) / 100 };
}
