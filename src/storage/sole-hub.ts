import SQLite from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFault } from '../config/configuration-fault.js';

export const LOCK_FILE = 'hub.lock';
/** A hub that ends in order while the next one starts is waited for. */
const WAIT_MS = 5_000;
/** Open as long as the process runs. */
const held: SQLite.Database[] = [];

/**
 * Takes the data folder for this process alone until it ends, in whatever way: a second hub at the same file would make
 * offers and ring beside the first one. Other programs (backup, verify-log) read the database all the same.
 * @throws {ConfigurationFault} when another hub has it
 */
export function beTheOnlyHub(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new SQLite(join(dataDir, LOCK_FILE), { timeout: WAIT_MS });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
    held.push(lock);
  } catch (error) {
    lock.close();
    if (!(error instanceof SQLite.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    throw new ConfigurationFault([
      'HUB_DATA_DIR：另一个民情枢纽正在使用这个数据目录；请先停止它，或改用另一个目录。多个节点请用集群（HUB_PROFILE=cluster）',
    ]);
  }
}
