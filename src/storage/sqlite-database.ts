import type { Database, Statement } from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { migrations } from './migrations/index.js';

/** The database's name in the data folder. */
export const DATABASE_FILE = 'hub.sqlite';

export interface SqliteConnections {
  writer: DataSource;
  /** A second connection: the writer's own would show rows that are not committed yet. */
  reader: DataSource;
}

/** As many pages as one table of the WAL's index holds: fewer copies of pages that change all the time, reads no slower. */
const CHECKPOINT_PAGES = 4_000;

/** I1: what was acknowledged survives power loss, so every commit waits for the disk. */
function prepare(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
}

/** Opens the file, brings its tables to the newest form, and opens it a second time for reading. */
export async function openSqlite(file: string): Promise<SqliteConnections> {
  const writer = new DataSource({
    type: 'better-sqlite3',
    database: file,
    migrations,
    migrationsTransactionMode: 'each',
    prepareDatabase: prepare,
  });
  await writer.initialize();
  await writer.runMigrations();
  return { writer, reader: await openSqliteReader(file) };
}

/** Opens the file for reading only, as it is; another process may be writing it. */
export async function openSqliteReader(file: string): Promise<DataSource> {
  const reader = new DataSource({ type: 'better-sqlite3', database: file, readonly: true });
  await reader.initialize();
  return reader;
}

export async function closeSqlite({ writer, reader }: SqliteConnections): Promise<void> {
  await reader.destroy();
  await writer.destroy();
}

/** The driver's own handle: `DataSource.query` costs several times the statement itself. */
export function handleOf(source: DataSource): Database {
  return (source.driver as unknown as { databaseConnection: Database }).databaseConnection;
}

/** Prepared statements of one connection, made once for each text. */
export class Statements {
  private readonly byText = new Map<string, Statement>();

  constructor(private readonly database: Database) {}

  prepare(sql: string): Statement {
    let statement = this.byText.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.byText.set(sql, statement);
    }
    return statement;
  }
}
