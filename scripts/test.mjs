/**
 * `npm test`: everything that tells whether the hub is right. With arguments (`npm test -- src/queues`) only those
 * specs, without the checks before them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { check } from './check.mjs';
import { command, handOver, onPath, quietly, setUp, step, Stop, tool } from './setup.mjs';

const says = (program, ...args) => spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '';

const debianHas = (name) => says('dpkg-query', '-W', '-f=${Status}', name).startsWith('install ok installed');

/** What the tests need besides npm's packages, by the names Debian has for it. */
const NEEDED = [
  { debian: 'chromium', there: () => ['chromium', 'chromium-browser', 'google-chrome'].some(onPath) },
  {
    debian: 'fonts-wqy-microhei',
    there: () => says('fc-list', ':lang=zh-cn').trim() !== '' || debianHas('fonts-wqy-microhei'),
  },
  { debian: 'redis-server', there: () => onPath('redis-server') },
  // Debian keeps it where only root's PATH looks.
  { debian: 'mariadb-server', there: () => onPath('mariadbd') || existsSync('/usr/sbin/mariadbd') },
];

async function needPackages() {
  const missing = NEEDED.filter(({ there }) => !there()).map(({ debian }) => debian);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new Stop(
      `测试还需要这些软件包（The tests also need these packages）: ${missing.join(' ')}\n` +
        `  Debian/Ubuntu:  sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing ${missing.join(', ')}`, async () => {
    const update = await quietly('apt-get', ['update'], { env });
    if (update.code !== 0) return update;
    return quietly('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env });
  });
}

await command(async (args) => {
  await setUp();
  await needPackages();
  const failedChecks = args.length ? [] : await check();
  const code = await handOver([
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    tool('jest/bin/jest.js'),
    ...args,
    '--reporters=default',
    '--reporters=<rootDir>/scripts/tally.mjs',
  ]);
  if (failedChecks.length) process.stderr.write(`Failed checks: ${failedChecks.join(', ')}\n`);
  return code || (failedChecks.length ? 1 : 0);
});
