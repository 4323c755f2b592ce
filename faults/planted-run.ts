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

/**
 * Tests the tester: each bug must show on the wire, in a short round; and beside them, as short and on a machine as busy, a
 * hub without a bug must show nothing.
 */
export async function catchPlanted(
  names: readonly BugName[],
  { seed, profile }: FaultOptions,
  say: (sentence: string) => void,
): Promise<{ report: object; wrong: boolean }> {
  const caught: Caught[] = [];
  let control: Caught['by'] = {};
  const progress = new Progress('Planted bugs', names.length, say);
  const waiting: (() => Promise<void>)[] = names.map((name) => async () => {
    caught.push(await catchOne(name, seed, profile));
    progress.at(caught.length);
  });
  waiting.splice(1, 0, async () => void (control = countOf(await play(null, seed, profile))));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  progress.end();
  for (const one of caught) say(tell(one));
  const clean = Object.keys(control).length === 0;
  say(clean ? '✓ without a bug: nothing wrong' : `✗ without a bug: ${tellCount(control)}`);
  const missed = caught.filter(({ inTry }) => inTry === null).map(({ name }) => name);
  const counts = { planted: names.length, caught: names.length - missed.length };
  return {
    report: { seed, profile, ...counts, missed, withoutBug: control, bugs: caught },
    wrong: missed.length > 0 || !clean,
  };
}

function tell({ name, inTry, by }: Caught): string {
  if (inTry === null) return `✗ ${name}: not caught`;
  return `✓ ${name}: ${tellCount(by)}${inTry > 1 ? ` (try ${inTry})` : ''}`;
}

const tellCount = (by: Caught['by']): string =>
  Object.entries(by)
    .map(([wrong, count]) => `${wrong} (${count})`)
    .join(', ');

async function catchOne(name: BugName, seed: number, profile: FaultOptions['profile']): Promise<Caught> {
  for (let inTry = 1; inTry <= MOST_TRIES; inTry += 1) {
    const by = countOf(await play(name, seed + inTry, profile));
    if (Object.keys(by).length > 0) return { name, inTry, by };
  }
  return { name, inTry: null, by: {} };
}

function countOf({ violations }: RoundResult): Caught['by'] {
  const by: Caught['by'] = {};
  for (const { wrong } of violations) by[wrong] = (by[wrong] ?? 0) + 1;
  return by;
}

/** `null`: without a bug, and with everything that breaks. */
const play = (name: BugName | null, seed: number, profile: FaultOptions['profile']): Promise<RoundResult> =>
  withServers(createServers(profile, { main: MAIN, args: name === null ? [] : [name] }, NODES), (servers) =>
    playRound(servers, { ...PLAN, seed, ...(name !== null && { only: BUGS[name].faults }), toTheFirst: true }),
  );
