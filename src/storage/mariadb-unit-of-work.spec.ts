import { Logger } from '@nestjs/common';
import { Answers } from '../../test/support/answers.js';
import { MariadbProcess } from '../../test/support/mariadb-process.js';
import { until } from '../../test/support/until.js';
import { closeMariadb, type MariadbConnections, openMariadb } from './mariadb-database.js';
import type { Fault } from './mariadb-fault.js';
import { MariadbReadModel } from './mariadb-read-model.js';
import { MariadbServers } from './mariadb-servers.js';
import { MariadbUnitOfWork } from './mariadb-unit-of-work.js';
import { type Repeat, StorageUnavailable, type Tx } from './unit-of-work.js';

const PATIENCE_MS = 1_500;
const LONGER_THAN_A_RESTART_MS = 60_000;
const POOL = 4;
const ACQUIRE_MS = 1_000;

let server: MariadbProcess;
let answers: Answers;
let connections: MariadbConnections;
let unitOfWork: MariadbUnitOfWork;
let readModel: MariadbReadModel;
let again: Fault[];

beforeAll(async () => {
  // What is warned of is part of the tests.
  Logger.overrideLogger(false);
  server = await MariadbProcess.started();
  answers = await Answers.of(server.port);
  const { database } = MariadbServers.of(await server.database()).current;
  connections = await openMariadb({ url: server.urlOf(database, answers.port), pool: POOL, acquireMs: ACQUIRE_MS });
});
afterAll(async () => {
  await closeMariadb(connections);
  await answers.close();
  await server.remove();
});
beforeEach(async () => {
  unitOfWork = new MariadbUnitOfWork(connections.writer, PATIENCE_MS);
  readModel = new MariadbReadModel(connections.reader);
  again = [];
  unitOfWork.onTryAgain((fault) => again.push(fault));
  await unitOfWork.run(async (tx) => {
    await tx.run('DELETE FROM room_head');
    for (const room of ['a', 'b']) await tx.insert('room_head', { room, head: 0 });
  });
});

const countUp = (tx: Tx, room: string) => tx.run('UPDATE room_head SET head = head + 1 WHERE room = ?', [room]);
const heads = async () => {
  const rows = await readModel.run((tx) => tx.all<{ head: number }>('SELECT head FROM room_head ORDER BY room'));
  return rows.map(({ head }) => head);
};
const killOwn = async (tx: Tx) => {
  const { id } = (await tx.one<{ id: number }>('SELECT CONNECTION_ID() AS id'))!;
  await server.say(`KILL ${id}`);
};

describe('work on MariaDB', () => {
  it('that deadlocks is run again, whole', async () => {
    const met = meeting(2);
    const work = (first: string, second: string) =>
      unitOfWork.run(async (tx) => {
        await countUp(tx, first);
        await met();
        await countUp(tx, second);
      });
    await Promise.all([work('a', 'b'), work('b', 'a')]);
    expect(await heads()).toEqual([2, 2]);
    expect(again).toEqual(['conflict']);
  });

  it('that goes on after a deadlock as if nothing were is run again all the same', async () => {
    const met = meeting(2);
    const work = (first: string, second: string) =>
      unitOfWork.run(async (tx) => {
        await countUp(tx, first);
        await met();
        await countUp(tx, second).catch(() => undefined);
      });
    await Promise.all([work('a', 'b'), work('b', 'a')]);
    expect(await heads()).toEqual([2, 2]);
  });

  it.each([
    ['before it wrote', 0],
    ['between its writes', 1],
    ['after its last write', 2],
  ])('whose connection is killed %s is run again', async (_, killedAfter) => {
    let runs = 0;
    const answer = await unitOfWork.run(async (tx) => {
      runs += 1;
      for (const [written, room] of ['a', 'b'].entries()) {
        if (runs === 1 && written === killedAfter) await killOwn(tx);
        await countUp(tx, room);
      }
      if (runs === 1 && killedAfter === 2) await killOwn(tx);
      return runs;
    });
    expect([answer, runs, again]).toEqual([2, 2, ['lost']]);
    expect(await heads()).toEqual([1, 1]);
  });

  describe('whose commit is not answered', () => {
    /** Counts up where it has not yet, as a command does by its id; or always. */
    const work = (repeat: Repeat, tx: Tx) =>
      repeat === 'once' ? countUp(tx, 'a') : tx.run('UPDATE room_head SET head = 1 WHERE room = ?', ['a']);

    it.each<[Repeat, number]>([
      ['once', 1],
      ['repeatable', 2],
    ])('[I7] and was kept, is kept once (%s)', async (repeat, runsExpected) => {
      let runs = 0;
      answers.swallowOne('COMMIT', 'after');
      const answer = await unitOfWork.run((tx) => ((runs += 1), work(repeat, tx)), 'first', repeat);
      expect([runs, answer, again]).toEqual([runsExpected, 1, ['lost']]);
      expect(await heads()).toEqual([1, 0]);
    });

    it.each<Repeat>(['once', 'repeatable'])('[I7] and was not kept, is run again (%s)', async (repeat) => {
      let runs = 0;
      answers.swallowOne('COMMIT', 'before');
      await unitOfWork.run((tx) => ((runs += 1), work(repeat, tx)), 'first', repeat);
      expect([runs, again]).toEqual([2, ['lost']]);
      expect(await heads()).toEqual([1, 0]);
    });
  });

  it('[I1] outlives a server that is killed in the middle, and keeps what was acknowledged', async () => {
    await unitOfWork.run((tx) => countUp(tx, 'a'));
    let runs = 0;
    const patient = new MariadbUnitOfWork(connections.writer, LONGER_THAN_A_RESTART_MS);
    await patient.run(async (tx) => {
      runs += 1;
      await countUp(tx, 'b');
      if (runs === 1) await server.restart();
    });
    expect(runs).toBe(2);
    expect(await heads()).toEqual([1, 1]);
  });

  it('is given up in time while there is no server, and goes on when there is one again', async () => {
    await server.kill();
    await expect(unitOfWork.run((tx) => countUp(tx, 'a'))).rejects.toThrow(StorageUnavailable);
    await expect(readModel.run((tx) => tx.one('SELECT 1 AS one'))).rejects.toThrow(StorageUnavailable);
    await server.start();
    await unitOfWork.run((tx) => countUp(tx, 'a'));
    expect(await heads()).toEqual([1, 0]);
  });

  it('that finds no room is tried again, and told so as of an outage', async () => {
    await unitOfWork.run((tx) => tx.run('CREATE TABLE narrow (room CHAR(250)) ENGINE = MEMORY MAX_ROWS = 50'));
    const fill = () =>
      unitOfWork.run(async (tx) => {
        await tx.run('SET SESSION max_heap_table_size = 16384');
        for (let n = 0; n < 1_000; n++) await tx.insert('narrow', { room: 'x' });
      });
    await expect(fill()).rejects.toThrow(StorageUnavailable);
    expect(again).toContain('full');
    await unitOfWork.run((tx) => tx.run('DROP TABLE narrow'));
  });

  it('that finds no free connection is told so, and takes none of those that wait later', async () => {
    let goOn: () => void;
    const open = new Promise<void>((resolve) => (goOn = resolve));
    const busy = Array.from({ length: POOL }, () => unitOfWork.run(() => open));
    await until('all connections to be taken', () => connections.writer.load.taken === POOL);
    await expect(unitOfWork.run((tx) => countUp(tx, 'a'))).rejects.toThrow(StorageUnavailable);
    goOn!();
    await Promise.all(busy);
    await Promise.all(Array.from({ length: 4 * POOL }, () => unitOfWork.run((tx) => countUp(tx, 'a'))));
    expect(await heads()).toEqual([4 * POOL, 0]);
    expect(connections.writer.load).toEqual({ taken: 0, waiting: 0 });
  });

  it('goes on where the server has no room for one more prepared statement', async () => {
    const sql = `SELECT room, head, head / 2 AS half, ? AS said, ? AS none FROM room_head ORDER BY room LIMIT ?`;
    const work = (tx: Tx) => tx.all(sql, [`it's \\ "1"?`, null, 1]);
    const prepared = await unitOfWork.run(work);
    // As it is once other nodes have taken all there is; a server that began with so few is no different.
    await server.say('SET GLOBAL max_prepared_stmt_count = 0');
    const { database } = connections.servers.current;
    const fresh = await openMariadb({ url: server.urlOf(database), pool: 1 });
    try {
      const there = new MariadbUnitOfWork(fresh.writer, PATIENCE_MS);
      expect(await there.run(work)).toEqual(prepared);
      expect(await there.run((tx) => countUp(tx, 'a'))).toBe(1);
      expect(await there.run((tx) => tx.insertIfAbsent('room_head', { room: 'a', head: 0 }))).toBe(false);
      expect(
        await new MariadbReadModel(fresh.reader).run((tx) => tx.one('SELECT COUNT(*) AS n FROM room_head')),
      ).toEqual({ n: 2 });
    } finally {
      await closeMariadb(fresh);
      await server.say('SET GLOBAL max_prepared_stmt_count = DEFAULT');
    }
    expect(await heads()).toEqual([1, 0]);
  });

  it('of many at once loses no update', async () => {
    const count = (n: number) =>
      unitOfWork.run(async (tx) => {
        const sql = `SELECT head FROM room_head WHERE room = ?${tx.forUpdate}`;
        for (const room of n % 2 ? ['a', 'b'] : ['b', 'a']) {
          const { head } = (await tx.one<{ head: number }>(sql, [room]))!;
          await tx.run('UPDATE room_head SET head = ? WHERE room = ?', [head + 1, room]);
        }
      });
    // As many as there are connections: here they wait for each other's rows, not for connections.
    const line = async (first: number) => {
      for (let n = first; n < 40; n += POOL) await count(n);
    };
    await Promise.all(Array.from({ length: POOL }, (_, first) => line(first)));
    expect(await heads()).toEqual([40, 40]);
  });
});

/** Resolves for all once so many have come; later ones are not waited for. */
function meeting(of: number): () => Promise<void> {
  let all: () => void;
  const together = new Promise<void>((resolve) => (all = resolve));
  return () => {
    of -= 1;
    if (of <= 0) all();
    return together;
  };
}
