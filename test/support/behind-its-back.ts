import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { closeMariadb, openMariadb } from '../../src/storage/mariadb-database.js';
import { MariadbReadModel } from '../../src/storage/mariadb-read-model.js';
import { openSqliteReader } from '../../src/storage/sqlite-database.js';
import { SqliteReadModel } from '../../src/storage/sqlite-read-model.js';
import type { ReadModel } from '../../src/storage/unit-of-work.js';
import { copyDatabaseOf, placeOf } from './profile.js';

/** Changes a database without the hub's knowing. `place`: its URL, or its file. */
export async function behindItsBack(place: string, sql: string): Promise<void> {
  if (!isUrl(place)) {
    const database = new Database(place);
    database.exec(sql);
    database.close();
    return;
  }
  const connection = await createConnection({ uri: place, multipleStatements: true });
  await connection.query(`SET SESSION sql_mode = 'STRICT_ALL_TABLES,PIPES_AS_CONCAT,ANSI_QUOTES'`);
  await connection.query(sql);
  connection.destroy();
}

/** What is read in a database that no hub has open. */
export async function readAt<T>(place: string, read: (readModel: ReadModel) => Promise<T>): Promise<T> {
  if (!isUrl(place)) {
    const reader = await openSqliteReader(place);
    return read(new SqliteReadModel(reader)).finally(() => reader.destroy());
  }
  const connections = await openMariadb({ url: place, pool: 2 });
  return read(new MariadbReadModel(connections.reader)).finally(() => closeMariadb(connections));
}

const isUrl = (place: string): boolean => place.startsWith('mysql:');

/** The place of a copy of the database that a running hub has open; on MariaDB it goes with the spec file. */
export async function copyBesides(dataDir: string): Promise<string> {
  const copy = join(dataDir, 'copy');
  await mkdir(copy, { recursive: true });
  await copyDatabaseOf(dataDir, copy);
  const [place, original] = [placeOf(copy), placeOf(dataDir)];
  if (isUrl(place)) return place;
  const database = new Database(original);
  await database.backup(place);
  database.close();
  return place;
}
