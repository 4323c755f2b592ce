/** The other commands of the checkout: sets up what is missing, then runs the program with the arguments given. */
import { FOR_CLUSTER, needPackages } from './packages.mjs';
import { command, handOver, setUp, Stop } from './setup.mjs';

const PROGRAMS = {
  replay: 'dist/simulation/replay.js',
  simulate: 'dist/simulation/simulate.js',
  'simulate-month': 'dist/simulation/simulate-month.js',
  bench: 'dist/bench/bench.js',
  cluster: 'dist/deploy/cluster/cluster.js',
  backup: 'dist/src/cli/backup.js',
  restore: 'dist/src/cli/restore.js',
  'verify-log': 'dist/src/cli/verify-log.js',
  due: 'dist/src/cli/due.js',
  'env-example': 'dist/src/cli/env-example.js',
};

await command(async ([name, ...args]) => {
  const program = PROGRAMS[name];
  if (!program) throw new Stop(`Usage: node scripts/run.mjs ${Object.keys(PROGRAMS).join('|')} [arguments]`);
  if (name === 'cluster') await needPackages(FOR_CLUSTER, ['集群', 'The cluster needs']);
  await setUp();
  return handOver(['--enable-source-maps', program, ...args]);
});
