import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../simulation/fault.js';
import { Progress } from '../simulation/progress.js';
import type { CrewSize } from './crew/crew.js';
import type { Entry } from './history/entry.js';
import { type FaultOptions, readOptions } from './options.js';
import { catchPlanted } from './planted-run.js';
import { Tally, tellRound, tellViolations } from './report.js';
import { playRound, type RoundPlan } from './round.js';
import { createServers } from './servers/create.js';
import { BUILT_HUB } from './servers/hub-node.js';
import { endWithSignals, withServers } from './servers/running.js';
import type { Servers } from './servers/servers.js';

/** A run is cut into rounds: histories must fit into memory, and each ends in quiet and is judged whole. */
const ROUND_MS = 45_000;
/** Then another city begins: in one where nothing is ever finished all lists grow for ever. */
const ROUNDS_OF_A_CITY = 5;
const SIZE: Omit<CrewSize, 'readers' | 'paceMs'> = { lives: 8, seats: 4, watchers: 3 };
const PLAN: Omit<RoundPlan, 'seed' | 'forMs' | 'faultEveryMs' | 'size'> = {
  least: { commands: 40, faults: 3, times: 6 },
  patience: { caughtUpMs: 20_000, restMs: 4_000 },
};

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** `npm run faults`: exit code 0 when nothing was wrong, 1 when something was, 2 when it could not be run. */
endWithSignals();
try {
  const options = readOptions(process.argv.slice(2), Date.now() % 1_000_000);
  const { report, wrong } = options.planted ? await catchPlanted(options.planted, options, say) : await run(options);
  if (options.report !== null) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
  // Somebody may still be asking a hub that is gone.
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(wrong ? 1 : 0));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  // Somebody may still be asking a hub that is gone.
  process.stderr.write(`\n${error.message}\n`, () => process.exit(2));
}

/** One entry a line. */
async function keep(history: readonly Entry[], seed: number): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'hub-faults-history-')), `${seed}.ndjson`);
  await writeFile(
    file,
    history.map((entry) => `${JSON.stringify(entry)}\n`),
  );
  return file;
}

async function run({
  seed,
  minutes,
  profile,
  nodes,
  readers,
  everyMs,
  paceMs,
}: FaultOptions): Promise<{ report: object; wrong: boolean }> {
  const tally = new Tally();
  // Servers are not begun and ended on account of the run.
  let leftMs = minutes * 60_000;
  let wrong = false;
  say(`Seed ${seed}, ${profile}.`);
  while (leftMs > 0 && !wrong) {
    const log = await withServers(createServers(profile, BUILT_HUB, nodes), async (servers) => {
      for (let n = 0; n < ROUNDS_OF_A_CITY && leftMs > 0 && !wrong; n += 1) {
        const begun = performance.now();
        const forMs = Math.min(ROUND_MS, Math.max(1_000, leftMs));
        wrong = await oneRound(
          servers,
          { ...PLAN, size: { ...SIZE, readers, paceMs }, seed: seed + tally.rounds, forMs, faultEveryMs: everyMs },
          tally,
        );
        leftMs -= performance.now() - begun;
      }
      return servers.finish();
    });
    tally.log ??= log;
    if (log !== null) say(log);
    wrong ||= log !== null;
  }
  return { report: tally.report(seed, profile), wrong };
}

/** Answers whether something was wrong. */
async function oneRound(servers: Servers, plan: RoundPlan, tally: Tally): Promise<boolean> {
  const result = await tellingHowFar(tally.rounds + 1, plan, () => playRound(servers, plan));
  tally.add(result);
  say(tellRound(tally.rounds, result));
  const wrong = result.violations.length > 0;
  if (!wrong) return false;
  say(tellViolations(result.violations, result.shown, plan.seed));
  say(`The whole history lies in ${await keep(result.history, plan.seed)}`);
  for (const node of servers.nodes) say(`${node.name}: ${node.complained}`);
  return true;
}

/** Its end, when all come back and the history is judged, has no known length. */
async function tellingHowFar<T>(round: number, { forMs }: RoundPlan, play: () => Promise<T>): Promise<T> {
  const seconds = Math.ceil(forMs / 1_000);
  const progress = new Progress(`Round ${round}, s`, seconds, say);
  const begun = performance.now();
  const telling = setInterval(
    () => progress.at(Math.min(seconds, Math.round((performance.now() - begun) / 1_000))),
    1_000,
  );
  try {
    return await play();
  } finally {
    clearInterval(telling);
    progress.end();
  }
}
