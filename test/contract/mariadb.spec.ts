import { readSettings } from '../../src/config/settings.js';
import { ConfigurationFault } from '../../src/config/configuration-fault.js';
import { closeMariadb, openMariadb } from '../../src/storage/mariadb-database.js';
import { MariadbReadModel } from '../../src/storage/mariadb-read-model.js';
import { MariadbReplica } from '../../src/storage/mariadb-replica.js';
import { openMariadbStore } from '../../src/storage/mariadb-store.js';
import { MariadbUnitOfWork } from '../../src/storage/mariadb-unit-of-work.js';
import { MariadbProcess } from '../support/mariadb-process.js';
import { lentDatabases } from '../support/profile.js';
import { openTestStore, type TestStore } from '../support/store.js';

const KEY = 'k'.repeat(32);

describe('MariaDB', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore('cluster');
  });
  afterAll(() => store.close());

  const write = (room: string) => store.unitOfWork.run((tx) => tx.insertIfAbsent('room_head', { room, head: 1 }));
  const settingsOf = (databaseUrl: string, production: boolean) =>
    readSettings({
      ...{ HUB_PROFILE: 'cluster', HUB_DATABASE_URL: databaseUrl, HUB_REDIS_URL: 'redis://127.0.0.1:1' },
      ...{ HUB_TOKEN_SECRET: KEY, HUB_AUDIT_KEY: KEY, HUB_DIGEST_KEY: KEY },
      ...(production ? { NODE_ENV: 'production' } : {}),
    });

  it('[I1] waits for the disk at every commit, sees only what is committed, and refuses what does not fit', async () => {
    const asked = `SELECT @@innodb_flush_log_at_trx_commit AS flush, @@tx_isolation AS isolation,
      @@tx_read_only AS readonly, @@autocommit AS autocommit, @@sql_mode AS mode`;
    const [writer, reader] = [
      (await store.unitOfWork.run((tx) => tx.one<{ mode: string }>(asked)))!,
      (await store.readModel.run((tx) => tx.one<{ mode: string }>(asked)))!,
    ];
    expect(writer).toMatchObject({ flush: 1, isolation: 'READ-COMMITTED', readonly: 0, autocommit: 0 });
    expect(reader).toMatchObject({ flush: 1, isolation: 'REPEATABLE-READ', readonly: 1, autocommit: 0 });
    for (const { mode } of [writer, reader]) {
      for (const part of ['STRICT_ALL_TABLES', 'PIPES_AS_CONCAT', 'ANSI_QUOTES']) expect(mode).toContain(part);
    }
    await expect(write('r'.repeat(129))).rejects.toThrow('too long');
    await expect(store.readModel.run((tx) => tx.one('DELETE FROM room_head'))).rejects.toThrow('READ ONLY');
  });

  it('takes for the same only what is the same, as SQLite does', async () => {
    const names = ['a', 'A', 'a ', 'á', '街道', '𠮷', '吉', "it's", 'back\\slash', '100%', '"quoted"'];
    for (const name of names) expect(await write(name)).toBe(true);
    for (const name of names) expect(await write(name)).toBe(false);
    const rows = await store.readModel.run((tx) =>
      tx.all<{ room: string }>('SELECT room FROM room_head ORDER BY room'),
    );
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    expect(rows.map(({ room }) => room)).toEqual([...names].sort(byBytes));
  });

  it('answers numbers as numbers, keeps texts of any length and counts what it found', async () => {
    const body = '长'.repeat(100_000);
    await store.unitOfWork.run(async (tx) => {
      await tx.insert('card', { card_key: 'order:long', body });
      await tx.insert('room_event', { room: 'r', room_offset: Number.MAX_SAFE_INTEGER, seq: 2 });
      expect(await tx.one('SELECT body FROM card WHERE card_key = ?', ['order:long'])).toEqual({ body });
      const sums = `SELECT MAX(room_offset) AS most, COUNT(*) AS n, COALESCE(SUM(seq), 0) AS total, AVG(seq) AS mean FROM room_event`;
      expect(await tx.one(sums)).toEqual({ most: Number.MAX_SAFE_INTEGER, n: 1, total: 2, mean: 2 });
      expect(await tx.run('UPDATE room_event SET seq = 2 WHERE room = ?', ['r'])).toBe(1);
      expect(await tx.all('SELECT room FROM room_event ORDER BY seq LIMIT ?', [1])).toEqual([{ room: 'r' }]);
    });
  });

  it('reads what may lag at the replica, at the primary while there is none, and all else at the primary', async () => {
    const { server } = await lentDatabases();
    const [url, replicaUrl] = [await server.database(), await server.database()];
    // A replica that has stopped: what is written reaches it no more.
    await closeMariadb(await openMariadb({ url: replicaUrl, pool: 2 }));
    const nowhere = server.urlOf('hub_1', 1);
    for (const [given, seenLagging] of [
      [replicaUrl, 0],
      [nowhere, 1],
      [undefined, 1],
    ] as const) {
      const connections = await openMariadb({ url, replicaUrl: given, pool: 2 });
      const unitOfWork = new MariadbUnitOfWork(connections.writer);
      const readModel = new MariadbReadModel(connections.reader, connections.replica);
      await unitOfWork.run((tx) => tx.upsert('room_head', { room: 'a', head: 1 }, ['room']));
      const count = (mayLag: boolean) =>
        readModel.run(async (tx) => (await tx.all('SELECT room FROM room_head')).length, { mayLag });
      expect([await count(false), await count(true)]).toEqual([1, seenLagging]);
      await closeMariadb(connections);
    }
  });

  it('a read at the replica that is slow is waited for as long as the replica says that it is there', async () => {
    const { server } = await lentDatabases();
    const [url, replicaUrl] = [await server.database(), await server.database()];
    const connections = await openMariadb({ url, replicaUrl, pool: 1 });
    const readModel = new MariadbReadModel(connections.reader, new MariadbReplica(connections.replica!.pool, 200));
    const slow = 'SELECT SLEEP(0.7) AS slept, DATABASE() AS place';
    const { place } = (await readModel.run((tx) => tx.one<{ place: string }>(slow), { mayLag: true }))!;
    expect(place).toBe(new URL(replicaUrl).pathname.slice(1));
    await closeMariadb(connections);
  });

  it('never tells its password, and names the setting that is wrong', async () => {
    const { server } = await lentDatabases();
    const wrong = server.url.replace(/:[^:@/]+@/, ':secret-word@');
    const opened = openMariadb({ url: `${wrong}hub_1`, pool: 2 });
    const fault = await opened.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ConfigurationFault);
    expect((fault as Error).message).toContain('HUB_DATABASE_URL：无法连接数据库');
    expect(JSON.stringify([(fault as Error).message, (fault as Error).stack])).not.toContain('secret-word');
  });

  it('[I1] that would lose commits to a power cut is warned of, and refused in production', async () => {
    const options = ['--innodb-flush-log-at-trx-commit=2', '--max-connections=300', '--max-prepared-stmt-count=59999'];
    const weak = await MariadbProcess.started({ options });
    try {
      const url = await weak.database();
      const weakness = 'HUB_DATABASE_URL：数据库的 innodb_flush_log_at_trx_commit 应为 1，现为 2';
      const connections = await openMariadb({ url, pool: 2 });
      expect(connections.weaknesses).toEqual([weakness]);
      // Not refused: nothing is lost by it.
      expect(connections.hindrance).toBe(
        'HUB_DATABASE_URL：数据库的 max_prepared_stmt_count 应不小于 60000（max_connections（300）个连接，每个至多 200 条），现为 59999',
      );
      await closeMariadb(connections);
      await expect(openMariadbStore(settingsOf(url, true))).rejects.toMatchObject({ faults: [weakness] });
    } finally {
      await weak.remove();
    }
  });

  it('is migrated once by nodes that start together', async () => {
    const { server } = await lentDatabases();
    const url = await server.database();
    const nodes = await Promise.all([1, 2, 3].map(() => openMariadb({ url, pool: 2 })));
    const done = await new MariadbReadModel(nodes[0]!.reader).run((tx) => tx.all('SELECT name FROM migrations'));
    expect(new Set(done.map(({ name }) => name)).size).toBe(done.length);
    for (const node of nodes) await closeMariadb(node);
  });
});
