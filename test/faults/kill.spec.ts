import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type { CommandAnswer, OrderPage, RoomName } from '@minqing-hub/client-sdk/protocol';
import { expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { seededRandom } from '../support/seeded-random.js';
import { until } from '../support/until.js';

const SEED = 20180910;
const KILLS = 4;
const ORDERS = 240;
const CONSOLES: [string, RoomName][] = [
  ['agent001', 'queue:register'],
  ['dispatcher01', 'queue:dispatch'],
  ['dispatcher01', 'desk:city'],
];

describe('a hub that is killed', () => {
  it(`[I1] [I3] keeps all it acknowledged, and every console catches up by itself (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const hub = await HubProcess.create();
    await hub.start();
    const agents = await Promise.all(['agent001', 'agent002', 'agent003'].map((name) => openConsole(hub.url, name)));
    const rooms: [string, RoomName, RoomHandle, HubClient][] = [];
    for (const [username, name] of CONSOLES) {
      const client = await openConsole(hub.url, username);
      rooms.push([username, name, await openRoom(client, name), client]);
    }

    // Each agent registers and accepts without a pause; the SDK brings every command to an answer, whatever happens.
    const acknowledged: string[] = [];
    let begun = 0;
    const work = agents.map(async (agent) => {
      while (begun < ORDERS) {
        const n = begun++;
        const registered = await agent.command('register', { ...newRequest(n), source: 'app', sourceId: newId() });
        if (!registered.ok) throw new Error(JSON.stringify(registered));
        const { orderNo, version } = registered.result;
        const accepted: CommandAnswer<'accept'> = await agent.command('accept', {
          orderNo,
          expectedVersion: version,
          noPlace: true,
        });
        if (!accepted.ok) throw new Error(JSON.stringify(accepted));
        acknowledged.push(orderNo);
      }
    });

    for (let kill = 0; kill < KILLS; kill++) {
      const goal = Math.floor(((kill + random()) / KILLS) * ORDERS * 0.9);
      await until(`${goal} acknowledged orders`, () => acknowledged.length >= goal);
      await hub.kill();
      await hub.start();
    }
    await Promise.all(work);

    expect(new Set(acknowledged).size).toBe(ORDERS);
    const there = await allOrderNos(rooms[1]![3]);
    expect(acknowledged.filter((orderNo) => !there.has(orderNo))).toEqual([]);
    expect(there.size).toBe(ORDERS);
    for (const [username, name, room] of rooms) await expectSameAsFresh(hub.url, username, room, name);

    for (const client of [...agents, ...rooms.map(([, , , own]) => own)]) client.close();
    expect(await hub.stop()).toBe(0);
    await hub.remove();
  });
});

async function allOrderNos(client: HubClient): Promise<Set<string>> {
  const found = new Set<string>();
  let cursor: string | null | undefined;
  do {
    const page: OrderPage = await client.http.get('/api/orders', { query: { limit: 100, cursor } });
    for (const { orderNo } of page.items) found.add(orderNo);
    cursor = page.next;
  } while (cursor);
  return found;
}
