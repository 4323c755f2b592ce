import { Logger } from '@nestjs/common';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/support/until.js';
import { SqliteCheckpoints } from './sqlite-checkpoints.js';
import { closeSqlite, DATABASE_FILE, handleOf, openSqlite, type SqliteConnections } from './sqlite-database.js';

const PAGE = 'x'.repeat(4_000);

describe('what was committed', () => {
  let folder: string;
  let file: string;
  let connections: SqliteConnections;
  let checkpoints: SqliteCheckpoints;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-checkpoints-'));
    file = join(folder, DATABASE_FILE);
    connections = await openSqlite(file);
    handleOf(connections.writer).exec('CREATE TABLE page (text TEXT)');
    handleOf(connections.writer).pragma('wal_checkpoint(TRUNCATE)');
    checkpoints = new SqliteCheckpoints(file);
  });
  afterEach(async () => {
    await checkpoints.close();
    await closeSqlite(connections);
    await rm(folder, { recursive: true, force: true });
  });

  function commit(times: number): void {
    const statement = handleOf(connections.writer).prepare('INSERT INTO page VALUES (?)');
    for (let n = 0; n < times; n += 1) {
      statement.run(PAGE);
      checkpoints.committed();
    }
  }
  const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;

  it('[I1] is brought into the database’s file long before the writer would do it', async () => {
    const before = await sizeOf(file);
    commit(64);
    await until('the pages to be in the file', async () => (await sizeOf(file)) >= before + 64 * PAGE.length);
    commit(32);
    await until('the next, too', async () => (await sizeOf(file)) >= before + 96 * PAGE.length);
  });

  it('[I1] leaves no WAL behind when the store is closed', async () => {
    commit(64);
    await checkpoints.close();
    await closeSqlite(connections);
    await expect(stat(`${file}-wal`)).rejects.toThrow('ENOENT');
    connections = await openSqlite(file);
    expect(handleOf(connections.writer).prepare('SELECT count(*) AS count FROM page').get()).toEqual({ count: 64 });
  });

  it('is committed all the same when the thread cannot work', async () => {
    Logger.overrideLogger(false);
    checkpoints = new SqliteCheckpoints(join(folder, 'nowhere', DATABASE_FILE));
    commit(64);
    await checkpoints.close();
    commit(64);
    expect(handleOf(connections.writer).prepare('SELECT count(*) AS count FROM page').get()).toEqual({ count: 128 });
  });
});
