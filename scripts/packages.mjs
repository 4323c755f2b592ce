/** What some commands need besides npm's packages, by the names Debian has for it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { onPath, quietly, step, Stop } from './setup.mjs';

const says = (program, ...args) => spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '';

const debianHas = (name) => says('dpkg-query', '-W', '-f=${Status}', name).startsWith('install ok installed');

/** Servers lie where only root's PATH looks. */
const serverThere = (name) => onPath(name) || existsSync(`/usr/sbin/${name}`);

const THERE = {
  chromium: () => ['chromium', 'chromium-browser', 'google-chrome'].some(onPath),
  'fonts-wqy-microhei': () => says('fc-list', ':lang=zh-cn').trim() !== '' || debianHas('fonts-wqy-microhei'),
  // Galera and rsync come with it.
  'mariadb-server': () => serverThere('mariadbd') && onPath('mariadb-dump'),
  nginx: () => serverThere('nginx'),
  // Sentinel is in it.
  'redis-server': () => onPath('redis-server'),
};

export const FOR_TESTS = Object.keys(THERE);
export const FOR_CLUSTER = ['mariadb-server', 'nginx', 'redis-server'];
export const FOR_FAULTS = ['mariadb-server', 'redis-server'];

/** Installs what is missing where that can be done, and otherwise says how. `whose`: for whom, Chinese and English. */
export async function needPackages(names, [chinese, english]) {
  const missing = names.filter((name) => !THERE[name]());
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new Stop(
      `${chinese}还需要这些软件包（${english} these packages, too）: ${missing.join(' ')}\n` +
        `  Debian/Ubuntu:  sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await step(`Installing ${missing.join(', ')}`, async () => {
    const update = await quietly('apt-get', ['update'], { env });
    if (update.code !== 0) return update;
    return quietly('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env });
  });
}
