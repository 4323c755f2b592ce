import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type { OrderCard, RoomName } from '@minqing-hub/client-sdk/protocol';
import { expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { nowAndThen } from '../support/now-and-then.js';
import { seededRandom } from '../support/seeded-random.js';
import { until } from '../support/until.js';

const SEED = 43;
const ORDERS = 240;
/** The demo city's duty list gives this matter in this area to this unit, without a person. */
const MATTER = { catalogCode: '010101', areaCode: 'SF-DC-1', unitId: 'dc-cityworks' };

interface Console {
  username: string;
  client: HubClient;
  rooms: [RoomName, RoomHandle][];
}

describe('consoles whose connections are cut at random', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  async function open(username: string, ...names: RoomName[]): Promise<Console> {
    const client = await openConsole(hub.url, username);
    const rooms: [RoomName, RoomHandle][] = [];
    for (const name of names) rooms.push([name, await openRoom(client, name)]);
    return { username, client, rooms };
  }

  it(`[I3] end with the same stores as fresh consoles, room by room, no event twice (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const { unitId } = MATTER;
    const consoles = await Promise.all([
      open('agent001', 'queue:register'),
      open('agent002', 'queue:register'),
      open('dispatcher01', 'queue:dispatch', 'desk:city', 'queue:register'),
      open('leader01', 'queue:register', 'queue:dispatch', 'floor'),
      open(`unit-${unitId}`, `unit:${unitId}`),
      open(`deputy-${unitId}`, `unit:${unitId}`),
      open('supervisor01', 'supervision:city'),
    ]);
    const unit = consoles[4];
    const twice: string[] = [];
    for (const { username, rooms } of consoles) {
      for (const [name, room] of rooms) {
        const seen = new Set<string>();
        room.onEvent(({ id }) => (seen.has(id) ? twice.push(`${username} ${name} ${id}`) : seen.add(id)));
      }
    }

    const stopCutting = nowAndThen(random, 200, () => {
      consoles[Math.floor(random() * consoles.length)]!.client.cut();
    });

    const inbox = unit.rooms[0]![1];
    const acknowledging = new Map<string, Promise<unknown>>();
    inbox.onChange(() => {
      for (const card of inbox.cards.values() as Iterable<OrderCard>) {
        if (card.state !== 'pending_ack' || acknowledging.has(card.orderNo)) continue;
        const { orderNo, version } = card;
        acknowledging.set(orderNo, unit.client.command('acknowledge', { orderNo, expectedVersion: version }));
      }
    });
    const registering = consoles.slice(0, 2).map(async ({ client }, seat) => {
      for (let n = seat; n < ORDERS; n += 2) {
        const kind = n % 3 ? ('complaint' as const) : ('resolution' as const);
        const call = { ...newRequest(n), kind, source: 'app', sourceId: newId(), catalogCode: MATTER.catalogCode };
        const registered = await client.command('register', { ...call, place: { areaCode: MATTER.areaCode } });
        if (!registered.ok) throw new Error(JSON.stringify(registered.error));
        const { orderNo, version } = registered.result;
        await client.command('accept', { orderNo, expectedVersion: version });
      }
    });
    await Promise.all(registering);
    await until(`${ORDERS} orders to be acknowledged`, () => acknowledging.size >= ORDERS);
    await Promise.all(acknowledging.values());
    expect(await stopCutting()).toBeGreaterThan(20);

    for (const { username, rooms } of consoles) {
      for (const [name, room] of rooms) {
        await until(`${username}'s ${name} to be live`, () => room.state === 'live');
        await expectSameAsFresh(hub.url, username, room, name);
      }
    }
    expect(twice).toEqual([]);
    const acknowledged = [...inbox.cards.values()].filter((card) => 'state' in card && card.state === 'handling');
    expect(acknowledged).toHaveLength(ORDERS);
    for (const { client } of consoles) client.close();
  });
});
