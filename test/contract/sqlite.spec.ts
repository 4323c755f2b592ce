import { openTestStore } from '../support/store.js';
import { openSqlite, closeSqlite, handleOf } from '../../src/storage/sqlite-database.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unitOfWorkContract } from './unit-of-work.contract.js';

describe('unit of work on SQLite', () => unitOfWorkContract(openTestStore));

describe('SQLite settings', () => {
  it('[I1] waits for the disk at every commit, as read back from the open connection', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hub-pragma-'));
    const connections = await openSqlite(join(folder, 'hub.sqlite'));
    const writer = handleOf(connections.writer);
    expect(writer.pragma('synchronous', { simple: true })).toBe(2); // FULL
    expect(writer.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(writer.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(handleOf(connections.reader).readonly).toBe(true);
    await closeSqlite(connections);
    await rm(folder, { recursive: true });
  });
});
