/** `npm run check`: form, lint, types and import rules. Two at a time; names what failed and shows why. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command, quietly, Progress, root, setUp, tool } from './setup.mjs';

const node = (...args) => quietly(process.execPath, args);

/** What a check may remember of its last run without ever missing anything. Lint may not: types cross files. */
const memory = (name) => `node_modules/.cache/hub-check/${name}`;
const incremental = (name) => ['--incremental', '--tsBuildInfoFile', memory(`${name}.tsbuildinfo`)];

/** The slowest first. */
const CHECKS = [
  ['lint', () => node(tool('eslint/bin/eslint.js'), '--max-warnings', '0', '.')],
  ['types', () => node(tool('typescript/bin/tsc'), '-p', '.', ...incremental('server'))],
  [
    'types of the consoles',
    () => node(tool('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'console', ...incremental('console')),
  ],
  [
    'format (npm run format mends it)',
    () =>
      node(
        tool('prettier/bin/prettier.cjs'),
        '--check',
        '--log-level=warn',
        '--cache',
        '--cache-location',
        memory('prettier'),
        '.',
      ),
  ],
  [
    'import rules',
    () =>
      node(
        tool('dependency-cruiser/bin/dependency-cruise.mjs'),
        ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long'],
        ...['src', 'client-sdk/src', 'console', 'simulation', 'test', 'bench', 'deploy', 'faults'].filter((folder) =>
          existsSync(join(root, folder)),
        ),
      ),
  ],
];

/** Answers the names of the checks that failed. */
export async function check() {
  const waiting = [...CHECKS];
  const failed = [];
  const progress = new Progress(`Checking ${CHECKS.map(([name]) => name.split(' (')[0]).join(', ')}`);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, run] = next;
      const { code, output } = await run();
      if (code !== 0) failed.push({ name, output });
      progress.detail(`(${CHECKS.length - waiting.length} of ${CHECKS.length})`);
    }
  };
  await Promise.all([worker(), worker()]);
  progress.end(failed.length ? '✗' : '✓');
  for (const { name, output } of failed) process.stderr.write(`\n✗ ${name}\n${output.trimEnd()}\n`);
  if (failed.length) process.stderr.write(`\nFailed: ${failed.map(({ name }) => name).join(', ')}\n`);
  return failed.map(({ name }) => name);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await command(async () => {
    await setUp({ builds: false });
    return (await check()).length ? 1 : 0;
  });
}
