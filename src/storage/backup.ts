import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { mkdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LOG_HEADS_FILE } from '../event-log/log-heads.js';
import { migrations } from './migrations/index.js';
import { LOCK_FILE } from './sole-hub.js';
import { DATABASE_FILE } from './sqlite-database.js';

/** The work cannot be done, for a reason that the person can do something about; the message is for them, Chinese. */
export class BackupRefused extends Error {}

/** What a backup holds. */
export interface BackupContents {
  epoch: string;
  events: number;
  bytes: number;
  /** Of the last event, in the chain of them all. */
  hash: string;
}

export type OnShare = (share: number) => void;

export const SECRETS_FILE = 'secrets.json';
/** What an otherwise empty data folder may hold when a backup is put into it: what is not in the database. */
const KEPT_FILES = [SECRETS_FILE, LOG_HEADS_FILE, LOCK_FILE];
/** Where a backup's keys lie when they were asked for: beside it, never inside. */
export const secretsBeside = (file: string) => `${file}.${SECRETS_FILE}`;

/** Pages in one step; the event loop turns between steps. */
const PAGES = 2_000;

/**
 * Copies the database while the hub runs, as of one moment: everything that was acknowledged before the call is in
 * it. The file appears whole, checked and on disk, or not at all.
 * @throws {BackupRefused}
 */
export async function backUp(
  dataDir: string,
  file: string,
  { withSecrets = false, onShare = () => {} }: { withSecrets?: boolean; onShare?: OnShare } = {},
): Promise<BackupContents> {
  const source = join(dataDir, DATABASE_FILE);
  const target = resolve(file);
  if (!existsSync(source)) throw new BackupRefused(`数据目录 ${dataDir} 中没有数据库 ${DATABASE_FILE}`);
  const secrets = join(dataDir, SECRETS_FILE);
  if (withSecrets && !existsSync(secrets)) throw new BackupRefused(`数据目录 ${dataDir} 中没有 ${SECRETS_FILE}`);
  for (const taken of withSecrets ? [target, secretsBeside(target)] : [target]) {
    if (existsSync(taken)) throw new BackupRefused(`${taken} 已存在，请换一个文件名`);
  }
  const folder = dirname(target);
  if (!existsSync(folder)) throw new BackupRefused(`目录 ${folder} 不存在`);

  const draft = join(folder, `.${basename(target)}.${process.pid}.draft`);
  try {
    await copyDatabase(source, draft, onShare);
    const contents = check(draft);
    if (withSecrets) copyWhole(secrets, secretsBeside(target));
    appear(draft, target);
    onShare(1);
    return { ...contents, bytes: statSync(target).size };
  } finally {
    removeDraft(draft);
  }
}

/**
 * Makes a data folder from a backup. The log gets a new epoch: consoles that knew the old one take snapshots, because
 * what happened after the backup never happened here.
 * @throws {BackupRefused} when the place is not empty or the file is not a whole backup; nothing is left behind then.
 */
export async function restore(
  file: string,
  dataDir: string,
  { onShare = () => {} }: { onShare?: OnShare } = {},
): Promise<BackupContents & { secrets: 'restored' | 'kept' | 'missing' }> {
  const source = resolve(file);
  const target = join(dataDir, DATABASE_FILE);
  if (!existsSync(source) || !statSync(source).isFile()) throw new BackupRefused(`没有备份文件 ${source}`);
  const found = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => !KEPT_FILES.includes(name)) : [];
  if (found.length) {
    throw new BackupRefused(
      `数据目录 ${resolve(dataDir)} 不是空的（有 ${found.slice(0, 3).join('、')}），只能恢复到空目录`,
    );
  }
  const keys = secretsBeside(source);
  const ownKeys = join(dataDir, SECRETS_FILE);
  if (existsSync(keys) && existsSync(ownKeys)) {
    throw new BackupRefused(`备份带有密钥，而 ${resolve(dataDir)} 中已有 ${SECRETS_FILE}，请先移开其中之一`);
  }
  mustBeSqlite(source);

  mkdirSync(dataDir, { recursive: true });
  const draft = join(dataDir, `.${DATABASE_FILE}.${process.pid}.draft`);
  try {
    await copyDatabase(source, draft, onShare);
    check(draft);
    const contents = renewEpoch(draft);
    if (existsSync(keys)) copyWhole(keys, ownKeys);
    appear(draft, target);
    onShare(1);
    const secrets = existsSync(keys) ? 'restored' : existsSync(ownKeys) ? 'kept' : 'missing';
    return { ...contents, bytes: statSync(target).size, secrets };
  } finally {
    removeDraft(draft);
  }
}

/**
 * The reading transaction holds one view of the source from the first page to the last. Without it every write of the
 * running hub would begin the copy again, and under load it would never end.
 */
async function copyDatabase(source: string, draft: string, onShare: OnShare): Promise<void> {
  const database = new Database(source, { readonly: true, fileMustExist: true });
  try {
    database.exec('BEGIN');
    database.prepare('SELECT COUNT(*) FROM sqlite_master').get();
    await database.backup(draft, {
      progress: ({ totalPages, remainingPages }) => {
        // The last tenth is for the check.
        onShare(totalPages ? (0.9 * (totalPages - remainingPages)) / totalPages : 0);
        return PAGES;
      },
    });
    database.exec('COMMIT');
  } catch (error) {
    throw unreadable(error, source);
  } finally {
    database.close();
  }
}

/** Whole, the hub's own, and of a form that this program knows. Leaves one file, without a journal beside it. */
function check(draft: string): BackupContents {
  const database = new Database(draft, { fileMustExist: true });
  try {
    database.pragma('journal_mode = DELETE');
    const damage = database.pragma('integrity_check(1)', { simple: true });
    if (damage !== 'ok') throw new BackupRefused('备份文件已损坏，数据库完整性检查未通过');
    const unknown = database
      .prepare('SELECT name FROM migrations')
      .pluck()
      .all()
      .filter((name) => !migrations.some((migration) => migration.name === name));
    if (unknown.length) throw new BackupRefused('备份来自更新版本的程序，请先升级本程序');
    return contentsOf(database);
  } catch (error) {
    throw unreadable(error, draft);
  } finally {
    database.close();
  }
}

function renewEpoch(draft: string): BackupContents {
  const database = new Database(draft, { fileMustExist: true });
  try {
    database.pragma('synchronous = FULL');
    database.prepare('UPDATE log_head SET epoch = ? WHERE id = 1').run(randomUUID());
    return contentsOf(database);
  } finally {
    database.close();
  }
}

function contentsOf(database: Database.Database): BackupContents {
  const { epoch, seq, hash } = database.prepare('SELECT epoch, seq, hash FROM log_head WHERE id = 1').get() as {
    epoch: string;
    seq: number;
    hash: string;
  };
  return { epoch, events: seq, bytes: 0, hash };
}

function mustBeSqlite(file: string): void {
  const start = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start, 0, 16, 0);
  } finally {
    closeSync(handle);
  }
  if (start.toString('latin1') !== 'SQLite format 3\0') throw new BackupRefused(`${file} 不是本系统的备份文件`);
}

/** SQLite's own words for a broken file help nobody; a full disk or missing rights they do. */
function unreadable(error: unknown, file: string): unknown {
  // By its code, not its class: the native driver makes its errors of the class that the process saw first.
  const code = String((error as { code?: unknown } | undefined)?.code);
  if (!/^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(code)) return error;
  return new BackupRefused(`${file} 已损坏或不是本系统的数据库（${code}）`);
}

function copyWhole(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  sync(to);
}

/** On disk first, then under its name, then the name on disk. */
function appear(draft: string, target: string): void {
  sync(draft);
  renameSync(draft, target);
  if (process.platform !== 'win32') sync(dirname(target));
}

/** What was written there is on the disk. */
export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function removeDraft(draft: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true });
}
