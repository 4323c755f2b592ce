import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeMariadb, openMariadb } from '../../src/storage/mariadb-database.js';
import { MariadbProcess } from './mariadb-process.js';
import { MariadbServer } from './mariadb-server.js';
import { until } from './until.js';

const READY_WITHIN_MS = 90_000;

interface Shared {
  port: number;
  /** The URL of a database that nobody uses, as migrations leave it. */
  migrated: string;
}

/** The one MariaDB of this run of the tests: who needs it first starts it, and it ends with the run. */
export async function sharedMariadb(): Promise<Shared & { server: MariadbServer }> {
  const folder = process.env.TESTS_FOLDER!;
  const told = join(folder, 'mariadb.json');
  if (takes(join(folder, 'mariadb.taken'))) {
    const answer = await start().catch((error: unknown) => ({ failed: String(error) }));
    writeFileSync(`${told}.new`, JSON.stringify(answer));
    renameSync(`${told}.new`, told);
  }
  await until('the MariaDB of this run to be ready', () => existsSync(told), READY_WITHIN_MS);
  const shared = JSON.parse(readFileSync(told, 'utf8')) as Shared & { failed?: string };
  if (shared.failed) throw new Error(shared.failed);
  return { ...shared, server: new MariadbServer(shared.port, `hub_${process.pid}_${Date.now()}`) };
}

/** One of all who try. */
function takes(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

async function start(): Promise<Shared> {
  const server = await MariadbProcess.started();
  server.leave();
  const migrated = await server.database();
  await closeMariadb(await openMariadb({ url: migrated, pool: 2 }));
  return { port: server.port, migrated };
}
