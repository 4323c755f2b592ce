import { cpus, totalmem } from 'node:os';
import type { Say } from '../simulation/progress.js';
import { avalanche } from './avalanche.js';
import { claims, type Sizes, SIZES } from './claims.js';
import { clocks } from './clocks.js';
import { floor } from './floor.js';
import { slow } from './slow-consoles.js';
import { soak } from './soak.js';
import { type Profile, PROFILES } from './stores.js';

type Bench = (quick: boolean, say: Say, profile: Profile, sizes: Sizes) => Promise<object>;

const BENCHES: Record<string, Bench> = { avalanche, claims, clocks, floor, slow, soak };
/** Their rows are written beside the hub, into its file. */
const ON_FILES_ONLY = ['clocks'];

const USAGE = `Usage: npm run bench [-- ${Object.keys(BENCHES).join('|')}] [--profile ${PROFILES.join('|')}] [--quick]
  --profile  cluster: on MariaDB and Redis, as \`npm run cluster\` has them; not ${ON_FILES_ONLY.join(', ')}
  ${SIZES.map((size) => `--${size} N`).join(', ')}  of claims, other than the usual
  --quick    with a part of the consoles, to see whether it works
`;

/** Figures and ratios of one run on this machine, as JSON. */
const { names, profile, quick, sizes, wrong } = readArguments(process.argv.slice(2));
if (wrong) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const results: Record<string, object> = {};
  const say: Say = (sentence) => void process.stderr.write(`${sentence}\n`);
  for (const name of names) results[name] = await BENCHES[name]!(quick, say, profile, sizes);
  const machine = { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
  process.stdout.write(`${JSON.stringify({ quick, profile, machine, ...results }, null, 2)}\n`);
}

function readArguments(args: readonly string[]) {
  const at = args.indexOf('--profile');
  const named = at < 0 ? 'embedded' : args[at + 1];
  const profile = PROFILES.find((one) => one === named);
  const sizes: Sizes = {};
  let others = args.filter((_arg, n) => at < 0 || (n !== at && n !== at + 1));
  for (const size of SIZES) {
    const said = others.indexOf(`--${size}`);
    if (said < 0) continue;
    sizes[size] = Number(others[said + 1]);
    others = others.filter((_arg, n) => n !== said && n !== said + 1);
  }
  const asked = others.filter((arg) => arg !== '--quick');
  const able = Object.keys(BENCHES).filter((name) => profile !== 'cluster' || !ON_FILES_ONLY.includes(name));
  return {
    names: asked.length > 0 ? asked : able,
    profile: profile!,
    quick: others.includes('--quick'),
    sizes,
    wrong:
      profile === undefined ||
      Object.values(sizes).some((size) => !Number.isInteger(size) || size < 1) ||
      asked.some((name) => !able.includes(name)),
  };
}
