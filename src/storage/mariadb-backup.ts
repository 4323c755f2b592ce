import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type BackupContents, BackupRefused, type OnShare, sync } from './backup.js';
import { addressesOf, type MariadbAddress } from './mariadb-address.js';
import { reasonOf } from './mariadb-fault.js';
import { LOCK_TABLE, MigrationsLocked, whileMigrationsAreLocked } from './migration-lock.js';
import { migrations } from './migrations/index.js';
import { openServing } from './open-serving.js';
import { sqlLines } from './sql-lines.js';

/** What the server's own programs have to say about it, without the names of what they were doing. */
const MOST_TOLD = 500;
/** Nodes that start meanwhile wait for as long as for a migration. */
const LOCK_S = 5;

const PATH = '/usr/local/bin:/usr/bin:/bin';

const HEAD = Buffer.from('INSERT INTO `log_head` ');
const END = Buffer.from('-- Dump completed');
/** As the dump's column names are. */
const HEAD_LINE = /^INSERT INTO `log_head` \(([^)]+)\) VALUES \((.+)\);\s*$/;

type LogHead = Pick<BackupContents, 'epoch' | 'events' | 'hash'>;

/**
 * Copies the database of a cluster while its nodes run, as of one moment: everything that was acknowledged before the call
 * is in it. What `mariadb-dump` writes, packed by gzip; the file appears whole, checked and on disk, or not at all.
 * @throws {BackupRefused}
 */
export async function backUpMariadb(
  url: string,
  file: string,
  { onShare = () => {} }: { onShare?: OnShare } = {},
): Promise<BackupContents> {
  const target = resolve(file);
  if (existsSync(target)) throw new BackupRefused(`${target} 已存在，请换一个文件名`);
  if (!existsSync(dirname(target))) throw new BackupRefused(`目录 ${dirname(target)} 不存在`);
  const { address, tables, bytes } = await contentsOf(url);
  if (!tables.includes('log_head')) throw new BackupRefused(`数据库 ${address.database} 中没有本系统的数据`);

  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.draft`);
  try {
    let done = 0;
    const counted = sqlLines((line) => {
      done += line.length;
      // The last tenth is for the check.
      onShare(Math.min(0.9, (0.9 * done) / bytes));
      return line;
    });
    // A half restored database has no table of migrations, and no node serves on it.
    const last = [...tables.filter((name) => name !== 'migrations'), 'migrations'];
    const dump = program('mariadb-dump', address, [...DUMP, address.database, ...last]);
    const written = createWriteStream(draft, { flags: 'wx', mode: 0o600 });
    await bothEnd(dump.ended, pipeline(dump.child.stdout!, counted, createGzip(), written));
    const head = await check(draft);
    sync(draft);
    renameSync(draft, target);
    if (process.platform !== 'win32') sync(dirname(target));
    onShare(1);
    return { ...head, bytes: statSync(target).size };
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Fills an empty database from a backup. The log gets a new epoch, as after any restore. No node may run on it meanwhile;
 * one that starts waits.
 * @throws {BackupRefused} when the database is not empty or the file is not a whole backup; nothing is left behind then.
 */
export async function restoreMariadb(
  file: string,
  url: string,
  { onShare = () => {} }: { onShare?: OnShare } = {},
): Promise<BackupContents> {
  const source = resolve(file);
  if (!existsSync(source) || !statSync(source).isFile()) throw new BackupRefused(`没有备份文件 ${source}`);
  const { epoch } = await check(source);

  const { connection, address } = await connected(url);
  try {
    return await whileMigrationsAreLocked(connection, LOCK_S, async () => {
      const { tables } = await tablesOf(connection, address);
      if (tables.length) {
        const some = tables.slice(0, 3).join('、');
        throw new BackupRefused(`数据库 ${address.database} 不是空的（有 ${some}），只能恢复到空数据库`);
      }
      try {
        await load(source, address, epoch, onShare);
        await mustKnow(connection);
        const [[head]] = await connection.query<(RowDataPacket & { epoch: string; seq: number; hash: string })[]>(
          'SELECT epoch, seq, hash FROM log_head WHERE id = 1',
        );
        onShare(1);
        return { epoch: head!.epoch, events: head!.seq, hash: head!.hash, bytes: statSync(source).size };
      } catch (error) {
        await empty(connection, address);
        throw error;
      }
    });
  } catch (error) {
    if (!(error instanceof MigrationsLocked)) throw error;
    throw new BackupRefused(`数据库 ${address.database} 正在由另一个程序升级或恢复`);
  } finally {
    connection.destroy();
  }
}

const DUMP = [
  // One view of all tables, and nobody waits for it.
  '--single-transaction',
  '--skip-lock-tables',
  '--quick',
  '--no-tablespaces',
  '--hex-blob',
  '--complete-insert',
  // A restore never takes anything away.
  '--skip-add-drop-table',
  '--skip-dump-date',
];

/** The file is whole, and of this hub. Answers where its log stands. */
async function check(file: string): Promise<LogHead> {
  let head: LogHead | undefined;
  let ended = false;
  const look = sqlLines((line) => {
    if (line.subarray(0, HEAD.length).equals(HEAD)) head = readHead(line.toString());
    if (line.subarray(0, END.length).equals(END)) ended = true;
    return line;
  });
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file), createGunzip(), look, nowhere);
  } catch (error) {
    if (!/^Z_/.test(String((error as { code?: unknown }).code))) throw error;
    throw new BackupRefused(`${file} 已损坏或不是本系统的备份文件`);
  }
  if (!head || !ended) throw new BackupRefused(`${file} 不完整或不是本系统的备份文件`);
  return head;
}

function readHead(line: string): LogHead | undefined {
  const [, columns, values] = HEAD_LINE.exec(line) ?? [];
  if (columns === undefined || values === undefined) return undefined;
  // An id, a number or a hash: none of them holds a comma or a quote.
  const texts = values.split(',').map((value) => value.replace(/^'(.*)'$/, '$1'));
  const row = new Map(columns.split(',').map((name, i) => [name.replace(/[` ]/g, ''), texts[i]!]));
  const [epoch, seq, hash] = [row.get('epoch'), row.get('seq'), row.get('hash')];
  return epoch !== undefined && seq !== undefined && hash !== undefined
    ? { epoch, events: Number(seq), hash }
    : undefined;
}

/** What is read has another epoch from the first moment: nobody ever sees the old one there. */
async function load(file: string, address: MariadbAddress, epoch: string, onShare: OnShare): Promise<void> {
  const renewed = randomUUID();
  const total = statSync(file).size;
  const packed = createReadStream(file);
  const renew = sqlLines((line) =>
    line.subarray(0, HEAD.length).equals(HEAD) ? Buffer.from(line.toString().replace(epoch, renewed)) : line,
  );
  packed.on('data', () => onShare((0.9 * packed.bytesRead) / total));
  const client = program('mariadb', address, ['--batch', address.database]);
  await bothEnd(client.ended, pipeline(packed, createGunzip(), renew, client.child.stdin!));
}

async function mustKnow(connection: Connection): Promise<void> {
  const [rows] = await connection.query<(RowDataPacket & { name: string })[]>('SELECT name FROM migrations');
  if (rows.some(({ name }) => !migrations.some((migration) => migration.name === name))) {
    throw new BackupRefused('备份来自更新版本的程序，请先升级本程序');
  }
}

/** One of the server's own programs. Its password is in no list of processes. */
function program(
  name: string,
  { host, port, user, password, tls }: MariadbAddress,
  args: readonly string[],
): { child: ChildProcess; ended: Promise<void> } {
  const place = ['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${user}`, '--protocol=tcp'];
  const secure = tls ? ['--ssl', '--ssl-verify-server-cert'] : [];
  const child = spawn(name, [...place, ...secure, '--default-character-set=utf8mb4', ...args], {
    env: { PATH, MYSQL_PWD: password },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + String(chunk)).slice(-MOST_TOLD)));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = `没有 ${name} 程序，请先安装（Debian/Ubuntu：apt-get install mariadb-client）`;
      reject(error.code === 'ENOENT' ? new BackupRefused(missing) : error);
    });
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new BackupRefused(`${name} 未能完成：${said.trim()}`));
    });
  });
  return { child, ended };
}

/** Where both fail, the program knows why. */
async function bothEnd(program: Promise<void>, stream: Promise<void>): Promise<void> {
  for (const outcome of await Promise.allSettled([program, stream])) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

async function contentsOf(url: string): Promise<{ address: MariadbAddress; tables: string[]; bytes: number }> {
  const { connection, address } = await connected(url);
  try {
    return { address, ...(await tablesOf(connection, address)) };
  } finally {
    connection.destroy();
  }
}

async function tablesOf(connection: Connection, { database }: MariadbAddress) {
  const [rows] = await connection.query<(RowDataPacket & { name: string; bytes: number })[]>(
    'SELECT table_name AS name, COALESCE(data_length, 0) AS bytes FROM information_schema.tables WHERE table_schema = ? AND table_name <> ? ORDER BY 1',
    [database, LOCK_TABLE],
  );
  return { tables: rows.map(({ name }) => name), bytes: rows.reduce((sum, row) => sum + row.bytes, 1) };
}

/** To the first server that serves. What anybody had committed before is there by its first answer, and so it is for the dump. */
async function connected(url: string): Promise<{ connection: Connection; address: MariadbAddress }> {
  let fault: unknown;
  for (const address of addressesOf(url)) {
    try {
      return { connection: await openServing(address), address };
    } catch (error) {
      fault ??= error;
    }
  }
  throw new BackupRefused(`无法连接数据库 ${addressesOf(url)[0]!.database}（${reasonOf(fault)}）`);
}

/** It was empty before. */
async function empty(connection: Connection, address: MariadbAddress): Promise<void> {
  const { tables } = await tablesOf(connection, address);
  await connection.query('SET SESSION foreign_key_checks = 0');
  for (const name of tables) await connection.query('DROP TABLE ??', [name]);
}
