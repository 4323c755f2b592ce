import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Say } from '../../simulation/progress.js';
import { ServerProcess, serverPath } from './server-process.js';

const SETTINGS = resolve('deploy/mariadb.cnf');
const run = promisify(execFile);
const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

export interface MariadbPlace {
  /** Its data, log and socket; made when it is not there. */
  folder: string;
  port: number;
  password: string;
  say: Say;
}

export const databaseUrl = ({ port, password }: Pick<MariadbPlace, 'port' | 'password'>): string =>
  `mysql://hub:${encodeURIComponent(password)}@127.0.0.1:${port}/hub`;

/** MariaDB with `deploy/mariadb.cnf`, an empty database `hub` in it at the first time. */
export async function mariadb({ folder, port, password, say }: MariadbPlace): Promise<ServerProcess> {
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const init = join(folder, 'init.sql');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  if (!existsSync(data)) await makeData(data, temporary, say);
  // Said anew at each start, like the password.
  const account = `'hub'@'127.0.0.1' IDENTIFIED BY '${password}'`;
  await writeFile(
    init,
    `CREATE DATABASE IF NOT EXISTS hub;\nCREATE USER IF NOT EXISTS ${account};\nALTER USER ${account};\nGRANT ALL ON hub.* TO 'hub'@'127.0.0.1';\n`,
    { mode: 0o600 },
  );
  return new ServerProcess({
    name: 'MariaDB',
    program: 'mariadbd',
    args: [
      `--defaults-file=${SETTINGS}`,
      ...asRoot,
      `--datadir=${data}`,
      // Of its own: servers that share one delete each other's files when they start.
      `--tmpdir=${temporary}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--init-file=${init}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
    ],
    log: join(folder, 'log'),
    endsWithinMs: 120_000,
    answers: async () => (await run('mariadb-admin', ['--no-defaults', `--socket=${socket}`, 'ping'])).stdout !== '',
    say,
  });
}

async function makeData(data: string, temporary: string, say: Say): Promise<void> {
  say('  MariaDB: making its data folder');
  const args = [
    '--no-defaults',
    ...asRoot,
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    '--skip-test-db',
    '--skip-log-bin',
  ];
  await run('mariadb-install-db', args, { env: { ...process.env, PATH: serverPath() } });
}
