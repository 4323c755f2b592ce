import { cpus, totalmem } from 'node:os';
import type { Say } from '../simulation/progress.js';
import { avalanche } from './avalanche.js';
import { clocks } from './clocks.js';
import { floor } from './floor.js';
import { slow } from './slow-consoles.js';
import { soak } from './soak.js';

type Bench = (quick: boolean, say: Say) => Promise<object>;

const BENCHES: Record<string, Bench> = { avalanche, clocks, floor, slow, soak };

/** `npm run bench [-- NAME] [--quick]`: figures and ratios of one run on this machine, as JSON. */
const args = process.argv.slice(2);
const quick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = [
  ...names.filter((name) => !(name in BENCHES)),
  ...args.filter((arg) => arg.startsWith('--') && arg !== '--quick'),
];
if (unknown.length > 0) {
  process.stderr.write(`Usage: npm run bench [-- ${Object.keys(BENCHES).join('|')}] [--quick]\n`);
  process.exitCode = 2;
} else {
  const results: Record<string, object> = {};
  const say: Say = (sentence) => void process.stderr.write(`${sentence}\n`);
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) results[name] = await BENCHES[name]!(quick, say);
  const machine = { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
  process.stdout.write(`${JSON.stringify({ quick, machine, ...results }, null, 2)}\n`);
}
