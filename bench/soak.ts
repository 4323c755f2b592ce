import { HubClient } from '@minqing-hub/client-sdk';
import type { Session } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../simulation/chance.js';
import { Progress, type Say } from '../simulation/progress.js';
import { ROOM, sessionsOf } from './crowd.js';
import { OwnHub, pause } from './own-hub.js';
import type { Profile } from './stores.js';
import { holding } from './verdict.js';
import { type HubPlace, withStores } from './with-hub.js';

/** What is asked: of the heap that was used after the first tenth. */
const LIMITS = { heapGrowthShare: 0.05, consolesLeft: 0 };

const USERS = 250;
const AT_ONCE = 60;
/** In which the hub lets go of who has gone. */
const REST_MS = 5_000;
const TIDY_EVERY_MS = 500;

/** Consoles come, have their room, and go, 100,000 times: what of it stays in the hub's memory. */
export function soak(quick: boolean, say: Say, profile: Profile): Promise<object> {
  return withStores(profile, say, (place) => soaked(place, quick ? 5_000 : 100_000, say));
}

async function soaked({ dataDir, env }: HubPlace, connects: number, say: Say): Promise<object> {
  // A token's life is longer than the bench.
  const hub = await OwnHub.at(dataDir, { ...env, HUB_TOKEN_MINUTES: '60' });
  try {
    await hub.start();
    const sessions = await sessionsOf(hub.url, USERS);
    await comeAndGo(hub.url, sessions, connects / 10, new Progress('connects to warm up', connects / 10, say));
    const before = await leastHeap(hub);
    const begun = performance.now();
    await comeAndGo(hub.url, sessions, connects, new Progress('connects', connects, say));
    const seconds = (performance.now() - begun) / 1_000;
    const after = await leastHeap(hub);
    const figures = {
      heapGrowthShare: Math.round((after.heapMiB / before.heapMiB - 1) * 1_000) / 1_000,
      consolesLeft: after.consoles,
      heapMiB: { before: before.heapMiB, after: after.heapMiB },
      memoryMiB: { before: before.memoryMiB, after: after.memoryMiB },
      connectsPerSecond: Math.round(connects / seconds),
    };
    return { connects, figures, limits: LIMITS, holds: holding(LIMITS, figures) };
  } finally {
    await hub.stop();
  }
}

async function comeAndGo(url: string, sessions: readonly Session[], count: number, progress: Progress): Promise<void> {
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const client = new HubClient({ url, random: chances(n, 'soak') });
      client.useSession(sessions[n % sessions.length]!);
      await client.room(ROOM).ready();
      client.close();
      progress.at((done += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  progress.end();
}

/** While nobody is there: what the hub holds, without garbage; the least of some looks. */
async function leastHeap(hub: OwnHub): Promise<{ heapMiB: number; memoryMiB: number; consoles: number }> {
  const end = performance.now() + REST_MS;
  let [heapMiB, memoryMiB, consoles] = [Infinity, Infinity, Infinity];
  while (performance.now() < end) {
    hub.tidy();
    await pause(TIDY_EVERY_MS);
    const metrics = await hub.metrics();
    heapMiB = Math.min(heapMiB, metrics.get('nodejs_heap_size_used_bytes')! / 2 ** 20);
    memoryMiB = Math.min(memoryMiB, metrics.get('process_resident_memory_bytes')! / 2 ** 20);
    consoles = metrics.get('hub_consoles') ?? 0;
  }
  return { heapMiB: Math.round(heapMiB * 10) / 10, memoryMiB: Math.round(memoryMiB), consoles };
}
