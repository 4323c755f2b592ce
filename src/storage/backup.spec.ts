import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { BackupRefused, backUp, restore, SECRETS_FILE, secretsBeside } from './backup.js';
import { closeSqlite, DATABASE_FILE, openSqlite } from './sqlite-database.js';

let store: TestStore;
let folder: string;
let file: string;

beforeEach(async () => {
  store = await openTestStore();
  folder = await mkdtemp(join(tmpdir(), 'hub-backup-'));
  file = join(folder, 'hub.backup');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const write = (n: number) =>
  store.unitOfWork.run((tx) =>
    tx.insert('event', {
      event_id: `e${n}`,
      subject: `seat:${n}`,
      version: null,
      type: 'seat.presence_changed',
      at: n,
      recorded_at: n,
      actor_id: 'system',
      command_id: `c${n}`,
      causation_id: null,
      data: JSON.stringify({ filler: 'x'.repeat(2_000) }),
      card: null,
      changed: null,
      audience: '{"rooms":{}}',
    }),
  );

const eventsIn = (path: string) => {
  const database = new Database(path, { readonly: true });
  const count = database.prepare('SELECT COUNT(*) FROM event').pluck().get() as number;
  database.close();
  return count;
};

const drafts = () => readdirSync(folder).filter((name) => name.includes('draft'));

describe('backUp', () => {
  it('[I1] holds everything that was acknowledged before it began, while writing goes on', async () => {
    for (let n = 1; n <= 3_000; n++) void write(n);
    await write(3_001);
    let goOn = true;
    let n = 3_001;
    const writing = (async () => {
      while (goOn) await write(++n);
    })();
    const shares: number[] = [];
    const contents = await backUp(store.folder, file, { onShare: (share) => shares.push(share) });
    goOn = false;
    await writing;

    expect(contents.events).toBeGreaterThanOrEqual(3_001);
    expect(contents.events).toBeLessThan(n);
    expect(eventsIn(file)).toBe(contents.events);
    expect(shares.at(-1)).toBe(1);
    expect(drafts()).toEqual([]);
  });

  it('is one file, that nobody but its owner need open for writing', async () => {
    await write(1);
    await backUp(store.folder, file);
    expect(readdirSync(folder)).toEqual(['hub.backup']);
    expect(statSync(file).size).toBeGreaterThan(4_096);
  });

  it('never writes over a file', async () => {
    await writeFile(file, 'dear to somebody');
    await expect(backUp(store.folder, file)).rejects.toThrow(BackupRefused);
    expect(await readFile(file, 'utf8')).toBe('dear to somebody');
    await expect(backUp(store.folder, join(store.folder, DATABASE_FILE))).rejects.toThrow(/已存在/);
  });

  it.each([
    ['a folder without a database', () => backUp(folder, file), /没有数据库/],
    ['a place that is not there', () => backUp(store.folder, join(folder, 'no', 'where')), /不存在/],
    ['keys that are not there', () => backUp(store.folder, file, { withSecrets: true }), /secrets\.json/],
  ])('refuses %s', async (_what, attempt, reason) => {
    await expect(attempt()).rejects.toThrow(reason);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves the keys out unless they are asked for, and never puts them inside', async () => {
    await writeFile(join(store.folder, SECRETS_FILE), '{"auditKey":"kept apart"}', { mode: 0o600 });
    await backUp(store.folder, file);
    expect(readdirSync(folder)).toEqual(['hub.backup']);
    const second = join(folder, 'second');
    await backUp(store.folder, second, { withSecrets: true });
    expect(await readFile(secretsBeside(second), 'utf8')).toContain('kept apart');
    expect(statSync(secretsBeside(second)).mode & 0o077).toBe(0);
    expect((await readFile(second)).includes('kept apart')).toBe(false);
  });
});

describe('restore', () => {
  const place = () => join(folder, 'data');

  it('gives the backup’s rows under a new epoch: a restored log is another log', async () => {
    await write(1);
    await write(2);
    const before = await backUp(store.folder, file);
    await write(3);

    const after = await restore(file, place());
    expect(after).toMatchObject({ events: 2, secrets: 'missing' });
    expect(after.epoch).not.toBe(before.epoch);
    expect(readdirSync(place())).toEqual([DATABASE_FILE]);
    const again = await openSqlite(join(place(), DATABASE_FILE));
    expect(await again.reader.query('SELECT epoch, seq FROM log_head')).toEqual([{ epoch: after.epoch, seq: 2 }]);
    await closeSqlite(again);
  });

  it('refuses a place that is not empty, and touches nothing in it', async () => {
    await write(1);
    await backUp(store.folder, file);
    await restore(file, place());
    const epoch = () => {
      const database = new Database(join(place(), DATABASE_FILE));
      const value = database.prepare('SELECT epoch FROM log_head').pluck().get();
      database.close();
      return value;
    };
    const before = epoch();
    await expect(restore(file, place())).rejects.toThrow(/不是空的/);
    expect(epoch()).toBe(before);
  });

  it('refuses a damaged file and leaves nothing behind', async () => {
    for (let n = 1; n <= 200; n++) await write(n);
    await backUp(store.folder, file);
    const bytes = await readFile(file);
    bytes.fill(0x5a, 8_192, 8_192 + 200_000);
    await writeFile(file, bytes);
    await expect(restore(file, place())).rejects.toThrow(/损坏/);
    expect(readdirSync(place())).toEqual([]);
  });

  it('refuses half a file', async () => {
    for (let n = 1; n <= 200; n++) await write(n);
    await backUp(store.folder, file);
    await writeFile(file, (await readFile(file)).subarray(0, 60_000));
    await expect(restore(file, place())).rejects.toThrow(BackupRefused);
    expect(readdirSync(place())).toEqual([]);
  });

  it.each([
    ['a file that is no database', 'just words'],
    ['an empty file', ''],
  ])('refuses %s', async (_what, content) => {
    await writeFile(file, content);
    await expect(restore(file, place())).rejects.toThrow(/不是本系统的备份/);
    expect(existsSync(place())).toBe(false);
  });

  it('refuses another program’s database', async () => {
    const other = new Database(file);
    other.exec('CREATE TABLE something (id INTEGER)');
    other.close();
    await expect(restore(file, place())).rejects.toThrow(BackupRefused);
    expect(readdirSync(place())).toEqual([]);
  });

  it('refuses a backup of a newer program', async () => {
    await backUp(store.folder, file);
    const newer = new Database(file);
    newer.exec("INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Tomorrow9999999999999')");
    newer.close();
    await expect(restore(file, place())).rejects.toThrow(/升级/);
  });

  it('brings the keys back that lie beside the backup, and never over others', async () => {
    await writeFile(join(store.folder, SECRETS_FILE), '{"auditKey":"ours"}', { mode: 0o600 });
    await backUp(store.folder, file, { withSecrets: true });
    expect(await restore(file, place())).toMatchObject({ secrets: 'restored' });
    expect(await readFile(join(place(), SECRETS_FILE), 'utf8')).toContain('ours');
    expect(statSync(join(place(), SECRETS_FILE)).mode & 0o077).toBe(0);

    await rm(join(place(), DATABASE_FILE));
    await expect(restore(file, place())).rejects.toThrow(/密钥/);
    await rm(secretsBeside(file));
    expect(await restore(file, place())).toMatchObject({ secrets: 'kept' });
  });
});
