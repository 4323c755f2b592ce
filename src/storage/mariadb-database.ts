import { setTimeout as after } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { type DatabaseServer, type ServerFacts, serverOf } from './database-server.js';
import { type MariadbAddress, optionsOf } from './mariadb-address.js';
import { faultOf, isOutOfService, reasonOf } from './mariadb-fault.js';
import { MariadbPool } from './mariadb-pool.js';
import { MariadbReplica } from './mariadb-replica.js';
import { MariadbServers } from './mariadb-servers.js';
import { MigrationsLocked, whileMigrationsAreLocked } from './migration-lock.js';
import { migrations } from './migrations/index.js';
import { openServing } from './open-serving.js';

/** A server that starts together with the hub is waited for. */
const START_MS = 30_000;
const LOOK_AGAIN_MS = 250;
/** Nodes that start together migrate one after the other. */
const MIGRATE_S = 300;
/** Longer than any conflict that resolves itself; then the work is run again. */
const LOCK_WAIT_S = 5;
/** A node that stands still in the middle of its work holds up nobody for longer. */
const IDLE_IN_WORK_S = 8;

export interface MariadbConnections {
  servers: MariadbServers;
  writer: MariadbPool;
  reader: MariadbPool;
  replica: MariadbReplica | undefined;
  /** What of the server's settings lets acknowledged commits be lost to a power cut [I1]; Chinese, empty when nothing does. */
  weaknesses: readonly string[];
  /** What of them makes the hub slower than it need be; Chinese. */
  hindrance: string | undefined;
  /** The server is of a kind that nothing here was tried on; Chinese. */
  untested: string | undefined;
}

export interface MariadbPlace {
  /** `mysql://user:password@host:port/name`, or of several hosts */
  url: string;
  replicaUrl?: string | undefined;
  /** Connections for writing, and as many for reading. */
  pool: number;
  /** How long work waits for a free one; its own default where it is not said. */
  acquireMs?: number;
}

/**
 * Waits for the server, brings the tables to their newest form, and opens the pools.
 * @throws {ConfigurationFault} when it cannot be reached or is not fit for the hub
 */
export async function openMariadb({ url, replicaUrl, pool, acquireMs }: MariadbPlace): Promise<MariadbConnections> {
  const servers = MariadbServers.of(url);
  const server = await migrate(servers);
  const reading = readingOn(server);
  const writing = [
    ...commonTo(server),
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_S}`,
    `SET SESSION ${server.mariadb ? 'idle_transaction_timeout' : 'wait_timeout'} = ${IDLE_IN_WORK_S}`,
  ];
  const poolOf = (of: MariadbServers, prepared: string[]) => new MariadbPool(of, pool, prepared, acquireMs);
  return {
    servers,
    writer: poolOf(servers, writing),
    reader: poolOf(servers, reading),
    replica: replicaUrl === undefined ? undefined : new MariadbReplica(poolOf(MariadbServers.of(replicaUrl), reading)),
    weaknesses: server.weaknesses,
    hindrance: server.hindrance,
    untested: server.untested,
  };
}

export async function closeMariadb({ writer, reader, replica }: MariadbConnections): Promise<void> {
  await Promise.all([writer.close(), reader.close(), replica?.pool.close()]);
}

/**
 * For programs that only read, and change no table on the way; to be closed by who asked for it.
 * @throws {ConfigurationFault} when it cannot be reached or is not fit for the hub
 */
export async function openMariadbReader(url: string): Promise<MariadbPool> {
  const servers = MariadbServers.of(url);
  const { connection, server } = await connected(servers);
  try {
    return new MariadbPool(servers, 1, readingOn(server));
  } finally {
    connection.destroy();
  }
}

const commonTo = (server: DatabaseServer): string[] => [
  [
    // As SQLite has them: || joins texts, "…" is a name. What does not fit a column is refused, not cut.
    `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT,ANSI_QUOTES,ERROR_FOR_DIVISION_BY_ZERO'`,
    'SESSION autocommit = 0',
    // Of several servers each shows what was committed on any of them before: asked once, as a transaction begins.
    ...(server.mariadb ? ['SESSION wsrep_sync_wait = 7'] : []),
    `NAMES utf8mb4 COLLATE ${collationOf(server)}`,
  ].join(', '),
];

const readingOn = (server: DatabaseServer): string[] => [
  ...commonTo(server),
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'SET SESSION TRANSACTION READ ONLY',
];

/** Compares as SQLite does: by code point, spaces at the end included. */
const collationOf = ({ mariadb }: DatabaseServer): string => (mariadb ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin');

async function migrate(servers: MariadbServers): Promise<DatabaseServer> {
  const { connection, server, address } = await connected(servers);
  try {
    if (await isNewest(connection)) return server;
    await whileMigrationsAreLocked(connection, MIGRATE_S, async () => {
      // Tables and columns that are yet to come take it over.
      await connection.query(`ALTER DATABASE CHARACTER SET utf8mb4 COLLATE ${collationOf(server)}`);
      await runMigrations(address);
    });
    return server;
  } catch (error) {
    if (!(error instanceof MigrationsLocked)) throw error;
    throw new ConfigurationFault(['HUB_DATABASE_URL：另一个节点正在升级数据库，等待超时']);
  } finally {
    connection.destroy();
  }
}

/** A database that is being restored has no table of migrations until the end. */
async function isNewest(connection: Connection): Promise<boolean> {
  const tables = await ask(connection, `SHOW TABLES LIKE 'migrations'`);
  const done = tables.length > 0 ? await ask<{ name: string }>(connection, 'SELECT name FROM migrations') : [];
  const names = new Set(done.map(({ name }) => name));
  return migrations.every(({ name }) => names.has(name));
}

async function runMigrations({ host, port, user, password, database, tls }: MariadbAddress): Promise<void> {
  const { ssl } = optionsOf({ host, port, user, password, database, tls });
  const source = new DataSource({
    type: 'mariadb',
    ...{ host, port, username: user, password, database },
    ...(ssl ? { ssl: ssl as object } : {}),
    charset: 'utf8mb4',
    migrations,
    // The server commits each change of a table by itself.
    migrationsTransactionMode: 'none',
    extra: { connectionLimit: 1 },
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

async function connected(
  servers: MariadbServers,
): Promise<{ connection: Connection; server: DatabaseServer; address: MariadbAddress }> {
  const until = performance.now() + START_MS;
  for (;;) {
    const address = servers.current;
    try {
      const connection = await openServing(address);
      try {
        return { connection, server: await look(connection), address };
      } catch (error) {
        connection.destroy();
        throw error;
      }
    } catch (error) {
      if (error instanceof ConfigurationFault) throw error;
      if (refuses(error) || faultOf(error) === 'other' || performance.now() > until) {
        throw new ConfigurationFault([`HUB_DATABASE_URL：无法连接数据库（${reasonOf(error)}）`]);
      }
      servers.doesNotServe(address, reasonOf(error));
      await after(LOOK_AGAIN_MS);
    }
  }
}

/** The server's own word, and not that it is busy starting. */
function refuses(error: unknown): boolean {
  const { errno } = error as { errno?: unknown };
  return typeof errno === 'number' && errno > 0 && !isOutOfService(error);
}

async function look(connection: Connection): Promise<DatabaseServer> {
  const [row] = await ask<ServerFacts>(
    connection,
    `SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush, @@log_bin AS binlog, @@sync_binlog AS synced,
       @@max_connections AS connections, @@max_prepared_stmt_count AS prepared`,
  );
  return serverOf(row!);
}

async function ask<T>(connection: Connection, sql: string, params: (string | number)[] = []): Promise<T[]> {
  const [rows] = await connection.query(sql, params);
  return rows as T[];
}
