import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { HubClient } from '@minqing-hub/client-sdk';
import { DeadlineLedger } from '../../src/deadlines/deadline-ledger.js';
import { Overtaken } from '../../src/event-log/placing-line.js';
import { verifyFloor } from '../../src/floor/verify-floor.js';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { verifyOrders } from '../../src/orders/verify-orders.js';
import { addressesOf } from '../../src/storage/mariadb-address.js';
import { backUpMariadb, restoreMariadb } from '../../src/storage/mariadb-backup.js';
import {
  closeMariadb,
  type MariadbConnections,
  openMariadb,
  openMariadbReader,
} from '../../src/storage/mariadb-database.js';
import { MariadbLine } from '../../src/storage/mariadb-line.js';
import { MariadbServers } from '../../src/storage/mariadb-servers.js';
import { MariadbReadModel } from '../../src/storage/mariadb-read-model.js';
import { MariadbUnitOfWork } from '../../src/storage/mariadb-unit-of-work.js';
import { openServing } from '../../src/storage/open-serving.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, itemOf, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { GaleraCluster } from '../support/galera-cluster.js';
import { HubProcess } from '../support/hub-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { until } from '../support/until.js';

const AUDIT_KEY = 'an audit key that both nodes of this test share';
/** Requests that are under way at any moment, half of them at each hub. */
const FLOWS = 6;
/** Hundreds until a server comes between two statements of one. */
const PACKETS = 1_500;
/** For servers that find out that one of them is gone, and for hubs that go to the next. */
const OUTAGE_MS = 40_000;

let cluster: GaleraCluster;
let redis: RedisProcess;
/** The hubs' database, by the server that is asked first. */
let urls: string[];
/** The first one at the first server, the second one at the second. */
let hubs: HubProcess[];
const consoles: HubClient[] = [];

beforeAll(async () => {
  // Outages are part of the tests.
  Logger.overrideLogger(false);
  [cluster, redis] = await Promise.all([GaleraCluster.started(), RedisProcess.started()]);
  urls = await cluster.database();
  hubs = await Promise.all(
    urls.slice(0, 2).map((url) =>
      HubProcess.create({
        HUB_PROFILE: 'cluster',
        HUB_DATABASE_URL: url,
        HUB_REDIS_URL: redis.url,
        HUB_ALARMS: 'in-process',
        HUB_TOKEN_SECRET: 'a token secret that both nodes of this test share',
        HUB_AUDIT_KEY: AUDIT_KEY,
        HUB_DIGEST_KEY: 'a digest key that both nodes of this test share',
      }),
    ),
  );
  // Both at once, at an empty database: one makes what is lacking, the other waits for it.
  await Promise.all(hubs.map((hub) => hub.start()));
}, 180_000);
afterAll(async () => {
  for (const client of consoles) client.close();
  await Promise.all((hubs ?? []).map((hub) => hub.remove()));
  await Promise.all([cluster?.remove(), redis?.remove()]);
});

async function open(hub: HubProcess, username: string): Promise<HubClient> {
  const client = await openConsole(hub.url, username);
  consoles.push(client);
  return client;
}

/** At the server that no hub begins with. */
async function say(sql: string): Promise<object[]> {
  const connection = await cluster.servers[2]!.connection(
    cluster.servers[2]!.urlOf(addressesOf(urls[2]!)[0]!.database),
  );
  try {
    await connection.query('SET SESSION wsrep_sync_wait = 1');
    return (await connection.query(sql))[0] as object[];
  } finally {
    connection.destroy();
  }
}

/** Chain, places, offsets, and whether orders and seats are as the log tells it, as one server has them. */
async function expectWhole(url: string): Promise<string> {
  const connections = await openMariadb({ url, pool: 2 });
  const readModel = new MariadbReadModel(connections.reader);
  const reports = [await verifyLog(readModel, AUDIT_KEY), await verifyOrders(readModel), await verifyFloor(readModel)];
  expect(reports.flatMap(({ first }): unknown[] => first)).toEqual([]);
  const head = await readModel.run((tx) => tx.one('SELECT epoch, seq, hash FROM log_head'));
  await closeMariadb(connections);
  return JSON.stringify(head);
}

describe('on three database servers that are one', () => {
  it('work that another server was first with is run again, and a read shows what was committed anywhere', async () => {
    const stores = await Promise.all(urls.map((url) => openMariadb({ url, pool: 2 })));
    const again: string[] = [];
    const add = ({ writer }: MariadbConnections, name: string) => {
      const unitOfWork = new MariadbUnitOfWork(writer);
      unitOfWork.onTryAgain((fault) => again.push(fault));
      return unitOfWork.run(async (tx) => {
        const sql = `SELECT lease_until AS n FROM lease WHERE name = ?${tx.forUpdate}`;
        const n = (await tx.one<{ n: number }>(sql, [name]))?.n ?? 0;
        await tx.upsert('lease', { name, holder: 'nobody', lease_until: n + 1 }, ['name']);
      });
    };
    const count = ({ reader }: MariadbConnections, name: string) =>
      new MariadbReadModel(reader).run(
        async (tx) => (await tx.one<{ n: number }>('SELECT lease_until AS n FROM lease WHERE name = ?', [name]))?.n,
      );
    await add(stores[0]!, 'contended');
    await Promise.all(stores.flatMap((store) => Array.from({ length: 6 }, () => add(store, 'contended'))));
    for (const store of stores) expect(await count(store, 'contended')).toBe(19);
    expect(again).toContain('conflict');
    for (let n = 1; n <= 12; n++) {
      await add(stores[n % 3]!, 'followed');
      expect(await count(stores[(n + 1) % 3]!, 'followed')).toBe(n);
    }
    await Promise.all(stores.map(closeMariadb));
  }, 60_000);

  it('[CK1] [I5] a clock that is read to be changed says nothing elsewhere meanwhile that is not seen', async () => {
    const stores = await Promise.all(urls.slice(0, 2).map((url) => openMariadb({ url, pool: 2 })));
    const [here, there] = stores.map(({ writer }) => new MariadbUnitOfWork(writer)) as [
      MariadbUnitOfWork,
      MariadbUnitOfWork,
    ];
    const ledger = new DeadlineLedger(undefined as never, undefined as never);
    const subject = 'order:read-here-and-signalled-there';
    const clock = { clock_id: `${subject}:ACCEPT:1`, kind: 'ACCEPT', started_at: 1, due_at: 3, state: 'running' };
    await here.run((tx) =>
      tx.insert('clock', {
        ...{ ...clock, subject, ended_at: null, next_signal_at: null, command: 'signalDeadlines', payload: '{}' },
        details: JSON.stringify({ clockId: clock.clock_id, signal: null }),
      }),
    );
    const seen: unknown[] = [];
    await here.run(async (tx) => {
      seen.push((await ledger.of(tx, subject))[0]!.signal);
      if (seen.length === 1) {
        const said = JSON.stringify({ clockId: clock.clock_id, signal: 'amber' });
        const sql = 'UPDATE clock SET details = ? WHERE clock_id = ?';
        await there.run((other) => other.run(sql, [said, clock.clock_id]));
        // A read at this server waits until it has what was committed at the other one.
        await new MariadbReadModel(stores[0]!.reader).run((read) => read.one('SELECT 1 AS n'));
      }
      await tx.run(`UPDATE clock SET state = 'stopped' WHERE clock_id = ?`, [clock.clock_id]);
    });
    expect(seen).toEqual([null, 'amber']);
    await here.run((tx) => tx.run('DELETE FROM clock WHERE clock_id = ?', [clock.clock_id]));
    await Promise.all(stores.map(closeMariadb));
  });

  it('[I2] what is committed in one packet is there whole or not at all, whatever another server was first with', async () => {
    const lines = [0, 1, 2, 0, 1, 2].map((n) => new MariadbLine(MariadbServers.of(urls[n]!)));
    const [first] = lines as [MariadbLine];
    await first.send([['CREATE TABLE packet_place (seq INT PRIMARY KEY, giver INT)']]);
    await first.send([['CREATE TABLE packet_head (id INT PRIMARY KEY, seq INT, giver INT)']]);
    await first.send([['INSERT INTO packet_head VALUES (1, 0, 0)']]);
    let packets = 0;
    const give = async (line: MariadbLine, giver: number): Promise<void> => {
      const [head] = await line.send([['SELECT seq FROM packet_head']]);
      const seq = (head as { seq: number }[])[0]!.seq + 1;
      await line.commit([
        ['INSERT INTO packet_place VALUES (?, ?)', seq, giver],
        ['UPDATE packet_head SET seq = ?, giver = ?', seq, giver],
      ]);
      packets += 1;
    };
    const giveOn = async (line: MariadbLine, giver: number): Promise<void> => {
      while (packets < PACKETS) {
        await give(line, giver).catch((error: unknown) => {
          if (!(error instanceof Overtaken)) throw error;
        });
      }
    };
    await Promise.all(lines.map(giveOn));
    const [heads, places] = await first.send([
      ['SELECT seq, giver FROM packet_head'],
      ['SELECT seq, giver FROM packet_place ORDER BY seq DESC'],
    ]);
    expect(places).toHaveLength(packets);
    expect(heads).toEqual(places!.slice(0, 1));
    await first.send([['DROP TABLE packet_place, packet_head']]);
    for (const line of lines) line.close();
  }, 60_000);

  it('one that says that it must not be asked is left for the next', async () => {
    const third = cluster.servers[2]!;
    const connections = await openMariadb({ url: urls[2]!, pool: 2 });
    const [unitOfWork, readModel] = [
      new MariadbUnitOfWork(connections.writer),
      new MariadbReadModel(connections.reader),
    ];
    const asked = async () => {
      const [written, read] = [
        await unitOfWork.run((tx) => tx.one<{ port: number }>('SELECT @@port AS port')),
        await readModel.run((tx) => tx.one<{ port: number }>('SELECT @@port AS port')),
      ];
      return [written!.port, read!.port];
    };
    expect(await asked()).toEqual([third.port, third.port]);
    await third.say(`SET GLOBAL wsrep_reject_queries = 'ALL'`);
    const next = cluster.servers[0]!.port;
    expect(await asked()).toEqual([next, next]);
    await third.say(`SET GLOBAL wsrep_reject_queries = 'NONE'`);
    expect(await asked()).toEqual([next, next]);
    await closeMariadb(connections);
  });

  it('one that has lost the others is left for the next, and whoever comes asks the next', async () => {
    const third = cluster.servers[2]!;
    const [reading, writing] = [
      await openMariadb({ url: urls[2]!, pool: 2 }),
      await openMariadb({ url: urls[2]!, pool: 2 }),
    ];
    const port = 'SELECT @@port AS port';
    const read = async () =>
      (await new MariadbReadModel(reading.reader).run((tx) => tx.one<{ port: number }>(port)))!.port;
    const write = async () =>
      (await new MariadbUnitOfWork(writing.writer).run((tx) => tx.one<{ port: number }>(port)))!.port;
    expect([await read(), await write()]).toEqual([third.port, third.port]);
    await cluster.isolate(third);
    const next = cluster.servers[0]!.port;
    expect([await read(), await write()]).toEqual([next, next]);
    for (const connections of [reading, writing]) await closeMariadb(connections);
    const folder = await mkdtemp(join(tmpdir(), 'hub-galera-'));
    const { events } = await backUpMariadb(urls[2]!, join(folder, 'backup'));
    await rm(folder, { recursive: true });
    const pool = await openMariadbReader(urls[2]!);
    await pool.close();
    // Who asks by itself, for a backup say, waits for what was committed anywhere, too.
    const alone = await openServing(addressesOf(urls[1]!)[0]!);
    expect((await alone.query('SELECT @@wsrep_sync_wait AS waits'))[0]).toEqual([{ waits: 7 }]);
    alone.destroy();
    await cluster.join(third);
    expect(await say('SELECT seq AS events FROM log_head')).toEqual([{ events }]);
  }, 60_000);

  it('[I7] a command has one effect, at whichever of them it comes in', async () => {
    const callers = await Promise.all(hubs.map((hub) => Caller.login(hub.url, 'agent001')));
    for (let n = 0; n < 5; n++) {
      const command = { name: 'register', commandId: newId(), payload: newRequest(n) };
      const [first, second] = await Promise.all(callers.map((caller) => caller.post('/api/commands', command)));
      expect(first).toEqual(second);
      expect(first!.status).toBe(200);
    }
  });

  it('[I4] an item is offered to one seat and held by one', async () => {
    const seats = await Promise.all([2, 3, 4, 5].map((n) => open(hubs[n % 2]!, `agent00${n}`)));
    const queue = await openRoom(seats[0]!, 'queue:register');
    await Promise.all(seats.map((seat) => act(seat, 'setPresence', { presence: 'ready' })));
    const orders = await Promise.all(seats.map((seat, n) => act(seat, 'register', newRequest(100 + n))));
    const claims = async () => {
      const offered = orders.map(({ orderNo }) => itemOf(queue, orderNo)!).filter(({ state }) => state === 'offered');
      for (const { itemId } of offered) await Promise.all(seats.map((seat) => seat.command('claimItem', { itemId })));
      return orders.every(({ orderNo }) => itemOf(queue, orderNo)?.state === 'claimed');
    };
    await until('all to be held', claims);
    await expectWhole(urls[2]!);
  });

  it('[I1] [I2] [I3] one of them is killed under load, and nothing is lost or done twice', async () => {
    const rooms = await Promise.all(
      hubs.map(async (hub, n) => openRoom(await open(hub, `dispatcher0${n + 1}`), 'queue:register')),
    );
    const taken: string[] = [];
    const takenAt = [0, 0];
    let goOn = true;
    const flow = async (n: number) => {
      const city = await Caller.login(hubs[n % 2]!.url, `agent01${n}`);
      while (goOn) {
        // Whoever gets no answer that counts asks again: it is the same request.
        const request = { ...newRequest(), source: 'app', sourceId: newId() };
        await until(
          'a request to be taken',
          async () => {
            const { status, body } = await city.post('/api/intake/requests', request);
            if (status === 201) taken.push(body.orderNo);
            return status === 201 || Promise.reject(new Error(JSON.stringify(body)));
          },
          OUTAGE_MS,
        );
        takenAt[n % 2]! += 1;
      }
    };
    const flows = Promise.all(Array.from({ length: FLOWS }, (_, n) => flow(n)));
    let broken: unknown;
    flows.catch((error: unknown) => (broken = error));
    const more = async (n: number) => {
      const before = [...takenAt];
      const enough = () => broken !== undefined || takenAt.every((now, hub) => now >= before[hub]! + n);
      await until('requests to be taken at both hubs', enough, OUTAGE_MS);
    };
    const epoch = await say('SELECT epoch FROM log_head');
    await more(10);
    await cluster.servers[0]!.kill();
    await more(20);
    goOn = false;
    await flows;
    expect(new Set(taken).size).toBe(taken.length);
    const [first, second] = await Promise.all(hubs.map((hub) => Caller.login(hub.url, 'agent010')));
    for (const orderNo of taken) {
      for (const caller of [first!, second!]) expect((await caller.get(`/api/orders/${orderNo}`)).status).toBe(200);
    }
    const left = urls.slice(1);
    const heads = await Promise.all(left.map(expectWhole));
    expect(heads[0]).toBe(heads[1]);
    await expectSameAsFresh(hubs[1]!.url, 'dispatcher01', rooms[0]!, 'queue:register');
    await expectSameAsFresh(hubs[0]!.url, 'dispatcher02', rooms[1]!, 'queue:register');
    // Those of the tests before this one are there, too.
    expect(await say('SELECT COUNT(*) AS n FROM work_order')).toEqual([{ n: taken.length + 5 + 4 }]);
    // No hub took the server that it went to for one that has lost something.
    expect(await say('SELECT epoch FROM log_head')).toEqual(epoch);
  }, 120_000);

  it('they are backed up at one that is left, and restored into an empty database of all', async () => {
    for (const client of consoles.splice(0)) client.close();
    await Promise.all(hubs.map((hub) => hub.stop()));
    const folder = await mkdtemp(join(tmpdir(), 'hub-galera-'));
    const file = join(folder, 'backup');
    const head = (await say('SELECT seq AS events, hash FROM log_head'))[0]!;
    expect(await backUpMariadb(urls[0]!, file)).toMatchObject(head);
    const name = addressesOf(urls[0]!)[0]!.database;
    await cluster.servers[1]!.say(`DROP DATABASE ${name}`);
    await cluster.servers[1]!.say(`CREATE DATABASE ${name}`);
    expect(await restoreMariadb(file, urls[0]!)).toMatchObject(head);
    await expectWhole(urls[2]!);
    await rm(folder, { recursive: true });
  }, 60_000);
});
