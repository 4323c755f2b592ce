import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { closeSqlite, DATABASE_FILE, openSqlite } from '../../src/storage/sqlite-database.js';

/** Of `run-folder.mjs`. */
const RUN_FOLDER = process.env.TESTS_FOLDER!;

/**
 * Gives a data folder that has no database yet one with all tables and nothing in them: a copy, for the migrations take
 * longer than most tests. A log of its own begins in it, as in every new database.
 */
export async function beginWithTables(dataDir: string): Promise<void> {
  const file = join(dataDir, DATABASE_FILE);
  if (existsSync(file)) return;
  await copyFile(await withTables(), file, constants.COPYFILE_EXCL);
  const database = new Database(file);
  database.prepare('UPDATE log_head SET epoch = ?').run(randomUUID());
  database.close();
}

/** Made by the first of a run who needs it; of two who make it at once it is the same which one stays. */
async function withTables(): Promise<string> {
  const file = join(RUN_FOLDER, 'tables.sqlite');
  if (!existsSync(file)) {
    const folder = await mkdtemp(join(RUN_FOLDER, 'tables-'));
    await closeSqlite(await openSqlite(join(folder, DATABASE_FILE)));
    await rename(join(folder, DATABASE_FILE), file);
    await rm(folder, { recursive: true });
  }
  return file;
}
