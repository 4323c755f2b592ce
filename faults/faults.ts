import { writeFile } from 'node:fs/promises';
import { Fault } from '../simulation/fault.js';
import { type FaultOptions, readOptions } from './options.js';
import { catchPlanted } from './planted-run.js';
import { Tally, tellViolations } from './report.js';
import { playRound, type RoundPlan } from './round.js';
import { createServers } from './servers/create.js';
import { BUILT_HUB } from './servers/hub-node.js';

/** A run is cut into rounds: histories must fit into memory, and each ends in quiet and is judged whole. */
const ROUND_MS = 45_000;
const PLAN: Omit<RoundPlan, 'seed' | 'forMs'> = {
  least: { commands: 40, faults: 3, times: 6 },
  faultEveryMs: 350,
  size: { lives: 4, seats: 4, watchers: 12, paceMs: 60 },
  patience: { caughtUpMs: 20_000, restMs: 4_000 },
};

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** `npm run faults`: exit code 0 when nothing was wrong, 1 when something was, 2 when it could not be run. */
try {
  const options = readOptions(process.argv.slice(2), Date.now() % 1_000_000);
  const { report, wrong } = options.planted ? await catchPlanted(options.planted, options, say) : await run(options);
  if (options.report !== null) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = wrong ? 1 : 0;
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  say(`\n${error.message}`);
  process.exitCode = 2;
}

async function run({ seed, minutes, profile }: FaultOptions): Promise<{ report: object; wrong: boolean }> {
  const servers = await createServers(profile, BUILT_HUB);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void servers.remove().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
  }
  const tally = new Tally();
  let wrong = false;
  try {
    say(`Seed ${seed}, ${profile}.`);
    await servers.start();
    const end = performance.now() + minutes * 60_000;
    for (let round = 0; performance.now() < end && !wrong; round += 1) {
      const forMs = Math.min(ROUND_MS, Math.max(1_000, end - performance.now()));
      const result = await playRound(servers, { ...PLAN, seed: seed + round, forMs });
      tally.add(result);
      wrong = result.violations.length > 0;
      say(
        `Round ${round + 1}: ${[...result.faults.values()].reduce((a, b) => a + b, 0)} faults, ${result.deliveries} deliveries.`,
      );
      if (wrong) say(tellViolations(result.violations, result.shown, seed + round));
      if (wrong) for (const node of servers.nodes) say(`${node.name}: ${node.complained}`);
    }
    const log = await servers.finish();
    if (log !== null) say(log);
    return { report: tally.report(seed, profile, log), wrong: wrong || log !== null };
  } finally {
    await servers.remove();
  }
}
