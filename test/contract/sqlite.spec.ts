import { openTestStore } from '../support/store.js';
import { openSqlite, closeSqlite, handleOf } from '../../src/storage/sqlite-database.js';
import { StorageUnavailable } from '../../src/storage/unit-of-work.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('SQLite settings', () => {
  it('[I1] waits for the disk at every commit, as read back from the open connection', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hub-pragma-'));
    const connections = await openSqlite(join(folder, 'hub.sqlite'));
    const writer = handleOf(connections.writer);
    expect(writer.pragma('synchronous', { simple: true })).toBe(2); // FULL
    expect(writer.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(writer.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(handleOf(connections.reader).readonly).toBe(true);
    // Before 3.51.3 a checkpoint of another connection could lose a commit.
    const version = String(writer.prepare('SELECT sqlite_version()').pluck().get());
    expect(version.localeCompare('3.51.3', 'en', { numeric: true })).toBeGreaterThanOrEqual(0);
    await closeSqlite(connections);
    await rm(folder, { recursive: true });
  });
});

describe('writers that wait on SQLite', () => {
  it('commit together, but no longer than others can wait', async () => {
    const store = await openTestStore();
    let commits = 0;
    store.unitOfWork.onCommit(() => (commits += 1));
    const commitsFor = async (count: number, eachMs: number): Promise<number> => {
      commits = 0;
      const work = () => {
        for (const until = performance.now() + eachMs; performance.now() < until;);
        return Promise.resolve();
      };
      await Promise.all(Array.from({ length: count }, () => store.unitOfWork.run(work)));
      return commits;
    };
    expect(await commitsFor(200, 0)).toBeLessThan(50);
    expect(await commitsFor(4, 110)).toBe(4);
    // Where each commit costs more than the commands, more of them share one.
    store.unitOfWork.beforeCommit(async () => {
      for (const until = performance.now() + 40; performance.now() < until;);
    });
    expect(await commitsFor(20, 10)).toBeLessThan(15);
    await store.close();
  });

  it('go before what only follows from what happened, which has every fourth turn all the same', async () => {
    const store = await openTestStore();
    const turns: string[] = [];
    const work = (name: string) => () => {
      turns.push(name);
      return Promise.resolve();
    };
    await Promise.all([
      ...Array.from({ length: 4 }, () => store.unitOfWork.run(work('after'), 'after')),
      ...Array.from({ length: 7 }, () => store.unitOfWork.run(work('first'))),
    ]);
    const rounds = ['first', 'first', 'first', 'after'];
    expect(turns).toEqual([...rounds, ...rounds, 'first', 'after', 'after']);
    await store.close();
  });

  it('are told of a full disk as of an outage, and go on when there is room again', async () => {
    const store = await openTestStore();
    const pages = (count: number) => store.unitOfWork.run((tx) => tx.all(`PRAGMA max_page_count = ${count}`));
    const fill = (room: string) =>
      store.unitOfWork.run(async (tx) => {
        for (let n = 0; n < 500; n++)
          await tx.insert('room_head', { room: `${room} ${n} ${'long '.repeat(20)}`, head: 0 });
      });
    // No fewer than there are.
    await pages(1);
    await expect(fill('full')).rejects.toThrow(StorageUnavailable);
    await pages(1_000_000);
    await fill('roomy');
    expect(await store.readModel.run((tx) => tx.all("SELECT 1 FROM room_head WHERE room LIKE 'full%'"))).toEqual([]);
    await store.close();
  });
});
