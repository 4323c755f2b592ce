import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { faultOf } from './mariadb-fault.js';

/** Where locks have no table of their own: servers of a Galera cluster lock each for itself, and agree on rows only. */
export const LOCK_TABLE = 'hub_lock';
const LEASE_S = 30;
const RENEW_EVERY_MS = 10_000;
const LOOK_AGAIN_MS = 250;

/** The time was up before whoever makes or changes tables had done. */
export class MigrationsLocked extends Error {}

/**
 * While `work` runs, nobody else makes or changes tables of the connection's database. Who dies meanwhile is waited for no
 * longer than `LEASE_S`.
 * @throws {MigrationsLocked} after `waitS`
 */
export async function whileMigrationsAreLocked<T>(
  connection: Connection,
  waitS: number,
  work: () => Promise<T>,
): Promise<T> {
  if (!(await isGalera(connection))) {
    const [[lock]] = await connection.query<RowDataPacket[]>(
      `SELECT GET_LOCK(CONCAT(DATABASE(), '.hub.migrations'), ?) AS got`,
      [waitS],
    );
    if (lock?.got !== 1) throw new MigrationsLocked();
    // It ends with the connection.
    return work();
  }
  const holder = randomUUID();
  await begin(connection, holder, waitS);
  const renewal = setInterval(() => void lease(connection, holder).catch(() => undefined), RENEW_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await release(connection, holder);
  }
}

async function isGalera(connection: Connection): Promise<boolean> {
  const [[row]] = await connection.query<RowDataPacket[]>(`SHOW GLOBAL VARIABLES LIKE 'wsrep_on'`);
  return row?.Value === 'ON';
}

async function begin(connection: Connection, holder: string, waitS: number): Promise<void> {
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${LOCK_TABLE} (name VARCHAR(64) PRIMARY KEY, holder CHAR(36) NOT NULL, ends_at BIGINT NOT NULL)`,
  );
  for (const end = performance.now() + waitS * 1_000; !(await lease(connection, holder));) {
    if (performance.now() > end) throw new MigrationsLocked();
    await after(LOOK_AGAIN_MS);
  }
}

/** Takes or renews it; false while another one has it. */
async function lease(connection: Connection, holder: string): Promise<boolean> {
  try {
    await connection.query(
      `INSERT INTO ${LOCK_TABLE} (name, holder, ends_at) VALUES ('migrations', ?, UNIX_TIMESTAMP() + ?)
       ON DUPLICATE KEY UPDATE holder = IF(ends_at < UNIX_TIMESTAMP(), VALUES(holder), holder),
         ends_at = IF(holder = VALUES(holder), VALUES(ends_at), ends_at)`,
      [holder, LEASE_S],
    );
  } catch (error) {
    if (faultOf(error) === 'conflict') return false;
    throw error;
  }
  const [[row]] = await connection.query<RowDataPacket[]>(`SELECT holder FROM ${LOCK_TABLE} WHERE name = 'migrations'`);
  return row?.holder === holder;
}

/** Others try to take it at the same moment, perhaps at another server: then it is said again. */
async function release(connection: Connection, holder: string): Promise<void> {
  for (;;) {
    try {
      await connection.query(`DELETE FROM ${LOCK_TABLE} WHERE holder = ?`, [holder]);
      return;
    } catch (error) {
      if (faultOf(error) !== 'conflict') throw error;
    }
  }
}
