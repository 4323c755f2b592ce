import type { OrderPage } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import { newRequest } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { MariadbProcess } from '../support/mariadb-process.js';
import { PASSWORD, USER } from '../support/mariadb-server.js';
import { until } from '../support/until.js';

/** Far longer than anybody is to wait for a replica, on a machine with more to do, too. */
const SOON_MS = 5_000;

describe('a replica of the database', () => {
  let primary: MariadbProcess;
  let replica: MariadbProcess;
  let hub: TestHub;
  let supervisor: Caller;
  let leader: Caller;
  let agent: Caller;

  beforeAll(async () => {
    [primary, replica] = await Promise.all([
      MariadbProcess.started({ options: ['--server-id=1', '--log-bin=binlog', '--sync-binlog=1'] }),
      MariadbProcess.started({ options: ['--server-id=2'] }),
    ]);
    await replica.say(`CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${primary.port},
      MASTER_USER = '${USER}', MASTER_PASSWORD = '${PASSWORD}', MASTER_USE_GTID = slave_pos`);
    await replica.say('START SLAVE');
    const url = await primary.database();
    const database = new URL(url).pathname.slice(1);
    await until(
      'the database to be there, too',
      async () => (await replica.say(`SHOW TABLES IN ${database}`)).length === 0,
    );
    hub = await startHub({
      profile: 'cluster',
      env: { HUB_DATABASE_URL: url, HUB_DATABASE_REPLICA_URL: replica.urlOf(database) },
    });
    [supervisor, leader, agent] = (await Promise.all(
      ['supervisor01', 'leader01', 'agent001'].map((name) => Caller.login(hub.url, name)),
    )) as [Caller, Caller, Caller];
  }, 90_000);
  afterAll(async () => {
    await hub?.stop();
    await Promise.all([primary.remove(), replica.remove()]);
  });

  const seenBy = async (caller: Caller): Promise<string[]> =>
    (await caller.get<OrderPage>('/api/orders')).body.items.map(({ orderNo }) => orderNo);
  const asked = async (): Promise<number> =>
    Number((await replica.say(`SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'`))[0]!.Value);

  it('[LD8] is asked for lists of orders', async () => {
    const { orderNo } = await agent.act('register', newRequest(1));
    await until('it to be found', async () => (await seenBy(supervisor)).includes(orderNo));
    const before = await asked();
    await until('the replica to be asked', async () => {
      await seenBy(supervisor);
      return (await asked()) > before;
    });
  });

  it('[LD8] hides nobody what they did themselves, and others for five seconds at most', async () => {
    await until('the replica to have caught up', async () => (await seenBy(supervisor)).length === 1);
    await replica.say('STOP SLAVE SQL_THREAD');
    const { orderNo } = await leader.act('register', newRequest(2));
    // As the replica knows it: without what has come since.
    expect(await seenBy(supervisor)).not.toContain(orderNo);
    expect(await seenBy(leader)).toContain(orderNo);
    await until('the supervisor to be led to the primary', async () => (await seenBy(supervisor)).includes(orderNo));
    expect(await seenBy(leader)).toContain(orderNo);
    await replica.say('START SLAVE SQL_THREAD');
  });

  it('[LD8] may stand still, also in the middle of a read, and holds up lists for a moment once', async () => {
    const { orderNo } = await agent.act('register', newRequest(3));
    const lists = () => Promise.all(Array.from({ length: 8 }, () => seenBy(supervisor)));
    await until('the replica to have caught up', async () => (await seenBy(supervisor)).includes(orderNo));
    const inTheMiddle = lists();
    replica.pause();
    const begun = performance.now();
    await inTheMiddle;
    for (let n = 0; n < 8; n++) for (const list of await lists()) expect(list).toContain(orderNo);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
    replica.resume();
    const before = await asked();
    await until('the replica to be asked again', async () => {
      await seenBy(supervisor);
      return (await asked()) > before;
    });
  });

  it('[LD8] may be away', async () => {
    await replica.kill();
    const { orderNo } = await agent.act('register', newRequest(4));
    expect(await seenBy(supervisor)).toContain(orderNo);
    expect(await seenBy(agent)).toContain(orderNo);
  });
});
