import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Say } from '../simulation/progress.js';
import { Crowd, register, sessionsOf } from './crowd.js';
import { Door } from './door.js';
import { OwnHub, pause } from './own-hub.js';
import { atShare, holding } from './verdict.js';

/** What is asked: share of the consoles, milliseconds from the moment at which the other hub takes them. */
const LIMITS = { notBack: 0, caughtUpP95Ms: 3_000, differing: 0 };

const BACK_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 5;
/** As long as the machine needs to be at rest after everybody has come. */
const SETTLE_MS = 2_000;

/**
 * A hub with 900 consoles is killed when each of them is 200 events behind, and another one takes all of them in one
 * moment: how long until each has all of it.
 */
export async function avalanche(quick: boolean, say: Say): Promise<object> {
  const [consoles, behind] = quick ? [150, 200] : [900, 200];
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const [first, second] = [await OwnHub.at(dataDir), await OwnHub.at(dataDir)];
  try {
    await first.start();
    const door = await Door.to(first.url);
    const [session] = await sessionsOf(first.url, 1);
    const crowd = await Crowd.at(first.url, door.url, consoles, say);
    await pause(SETTLE_MS);
    door.hold();
    const from = crowd.watchers[0]!.room.offset;
    await register(first.url, session!.token, behind);
    first.kill();
    const startMs = await second.start();
    say(`${consoles} consoles come to the other hub, each ${behind} events behind`);
    const cpuBefore = await second.cpuMs();
    const ownCpu = process.cpuUsage();
    const begun = performance.now();
    door.cutOverTo(second.url);
    const caughtUp = await timesUntil(crowd, from + behind, begun);
    const { user, system } = process.cpuUsage(ownCpu);
    const cpuMs = (await second.cpuMs()) - cpuBefore;

    const contents = new Set(crowd.watchers.map(({ room }) => `${room.offset} ${room.cards.size}`));
    const figures = {
      notBack: consoles - caughtUp.length,
      caughtUpP50Ms: atShare(caughtUp, 0.5),
      caughtUpP95Ms: atShare(caughtUp, 0.95),
      caughtUpP99Ms: atShare(caughtUp, 0.99),
      differing: contents.size - 1,
      cpuMs,
      // All consoles live in this one process, which is one of two that need a processor.
      consolesCpuMs: Math.round((user + system) / 1_000),
      startOfTheOtherMs: Math.round(startMs),
    };
    crowd.close();
    door.close();
    return { consoles, behind, figures, limits: LIMITS, holds: holding(LIMITS, figures) };
  } finally {
    await first.stop();
    await second.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** When each of those who are back in time had everything, ms after `begun`; noted by each as it has it. */
async function timesUntil({ watchers }: Crowd, head: number, begun: number): Promise<number[]> {
  const times: number[] = [];
  for (const { room } of watchers) {
    const stop = room.onChange(() => {
      if (room.state !== 'live' || room.offset < head) return;
      stop();
      times.push(performance.now() - begun);
    });
  }
  while (times.length < watchers.length && performance.now() - begun < BACK_WITHIN_MS) await pause(LOOK_EVERY_MS);
  return times;
}
