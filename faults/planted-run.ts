import { availableParallelism } from 'node:os';
import { Progress } from '../simulation/progress.js';
import type { FaultOptions } from './options.js';
import { type BugName, BUGS } from './planted/names.js';
import { playRound, type RoundPlan, type RoundResult } from './round.js';
import { createServers } from './servers/create.js';
import { withServers } from './servers/running.js';

const MAIN = 'dist-faults/faults/planted/main.js';
const MOST_TRIES = 3;
/** A hub that is caught is mostly waited for. */
const AT_ONCE = availableParallelism() + 1;
const NODES = 2;
/** Short: a bug that takes long to show is one that the long runs would miss as well. */
const PLAN: Omit<RoundPlan, 'seed' | 'only'> = {
  forMs: 4_000,
  least: { commands: 200, faults: 5, times: 8 },
  faultEveryMs: 350,
  size: { lives: 4, seats: 4, watchers: 1, readers: 0, paceMs: 40 },
  patience: { caughtUpMs: 3_000, restMs: 3_500 },
};

export interface Caught {
  name: BugName;
  /** In which try; `null`: it was not. */
  inTry: number | null;
  /** What was wrong on the wire, and how often. */
  by: Record<string, number>;
}

/** Tests the tester: each bug must show on the wire, in a short round. */
export async function catchPlanted(
  names: readonly BugName[],
  { seed, profile }: FaultOptions,
  say: (sentence: string) => void,
): Promise<{ report: object; wrong: boolean }> {
  const waiting = [...names];
  const caught: Caught[] = [];
  const progress = new Progress('Planted bugs', names.length, say);
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const one = await catchOne(name, seed, profile);
      caught.push(one);
      progress.at(caught.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  progress.end();
  for (const one of caught) say(tell(one));
  const missed = caught.filter(({ inTry }) => inTry === null).map(({ name }) => name);
  return {
    report: { seed, profile, planted: names.length, caught: names.length - missed.length, missed, bugs: caught },
    wrong: missed.length > 0,
  };
}

function tell({ name, inTry, by }: Caught): string {
  if (inTry === null) return `✗ ${name}: not caught`;
  const what = Object.entries(by).map(([wrong, count]) => `${wrong} (${count})`);
  return `✓ ${name}: ${what.join(', ')}${inTry > 1 ? ` (try ${inTry})` : ''}`;
}

async function catchOne(name: BugName, seed: number, profile: FaultOptions['profile']): Promise<Caught> {
  for (let inTry = 1; inTry <= MOST_TRIES; inTry += 1) {
    const { violations } = await play(name, seed + inTry, profile);
    if (violations.length === 0) continue;
    const by: Record<string, number> = {};
    for (const { wrong } of violations) by[wrong] = (by[wrong] ?? 0) + 1;
    return { name, inTry, by };
  }
  return { name, inTry: null, by: {} };
}

const play = (name: BugName, seed: number, profile: FaultOptions['profile']): Promise<RoundResult> =>
  withServers(createServers(profile, { main: MAIN, args: [name] }, NODES), (servers) =>
    playRound(servers, { ...PLAN, seed, only: BUGS[name].faults, toTheFirst: true }),
  );
