import type { OrderPage, Session, SubscribeAnswer } from '@minqing-hub/client-sdk/protocol';
import { LogReader } from '../../src/event-log/log-reader.js';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { Settings } from '../../src/config/settings.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import type { Socket } from 'socket.io-client';
import { Caller } from '../support/caller.js';
import { openSocket, PASSWORD } from '../support/consoles.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown, TOWN } from '../support/town.js';
import { until } from '../support/until.js';

const NOW = Date.UTC(2026, 10, 21, 2);
const MINUTE = 60_000;
const STAFF = ['admin', 'agent001', 'dispatcher01', 'arbiter01'];
const UNIT_STAFF = ['unit-village-a', 'deputy-village-a', 'unit-street-a', 'unit-street-b', 'unit-works'];

/** The town with one community under the other street. */
const movedTo = (parentId: string) =>
  TOWN.units.map((unit) => (unit.unitId === 'village-a' ? { ...unit, parentId } : unit));

describe('a reorganisation', () => {
  let clock: FakeClock;
  let hub: TestHub;
  let people: Map<string, Caller>;
  const sockets: Socket[] = [];
  let sent = 0;

  beforeEach(async () => {
    clock = new FakeClock(NOW);
    people = new Map();
    hub = await startHub({ clock });
    for (const name of STAFF) people.set(name, await Caller.login(hub.url, name));
    await settleTown(by('admin'));
    for (const name of UNIT_STAFF) {
      await until(`${name} to have an account`, async () => people.set(name, await Caller.login(hub.url, name)));
    }
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await hub.stop();
  });

  const by = (name: string) => people.get(name)!;

  async function dispatched(changes: object = {}): Promise<string> {
    const { body } = await by('agent001').post('/api/intake/requests', {
      source: 'app-source',
      sourceId: `S-${++sent}`,
      channel: 'app',
      title: '路灯不亮',
      text: '已三天',
      kind: 'resolution',
      grade: 'normal',
      catalogCode: '6-1-2',
      requester: { name: '来电人', phone: '13812345678' },
      place: { areaCode: '101' },
      ...changes,
    });
    const orderNo = body.orderNo as string;
    await by('agent001').act('accept', { orderNo, expectedVersion: 1 });
    // The dispatch is left to a dispatcher.
    await hub.settled();
    await by('dispatcher01').act('dispatch', { orderNo, expectedVersion: 2, unitId: 'village-a' });
    return orderNo;
  }

  async function connect(as: string): Promise<Socket> {
    const { body } = await Caller.stranger(hub.url).post<Session>('/api/auth/login', {
      username: as,
      password: PASSWORD,
    });
    const socket = await openSocket(hub.url, body.token);
    sockets.push(socket);
    return socket;
  }

  const status = async (as: string, orderNo: string) => (await by(as).get(`/api/orders/${orderNo}`)).status;
  const listed = async (as: string) =>
    (await by(as).get<OrderPage>('/api/orders')).body.items.map(({ orderNo }) => orderNo);
  async function shownIn(room: string): Promise<string[]> {
    await hub.settled();
    return Object.keys((await hub.app.get(LogReader).roomState(room)).cards);
  }

  it('[I6] takes the orders that are there from the unit above, and gives them to the new one', async () => {
    const open = await dispatched();
    const secret = await dispatched({ visibility: 'confidential' });
    expect(await listed('unit-street-a')).toEqual([open]);
    expect(await shownIn('unit:street-a')).toEqual([`order:${open}`, `order:${secret}`]);

    const { body } = await by('admin').post('/api/lists/units/import', movedTo('street-b'));
    expect(body).toMatchObject({ status: 'activated' });
    await until('the unit above it now to read the order', async () => (await status('unit-street-b', open)) === 200);
    await until(
      'the confidential one to be shown there too',
      async () => (await shownIn('unit:street-b')).length === 2,
    );
    expect(await status('unit-street-a', open)).toBe(404);
    expect(await listed('unit-street-a')).toEqual([]);
    expect(await listed('unit-street-b')).toEqual([open]);
    expect(await shownIn('unit:street-a')).toEqual([]);
    expect(await shownIn('unit:village-a')).toEqual([`order:${open}`, `order:${secret}`]);
    expect(await hub.app.get(LogReader).readersOf(`order:${open}`)).toMatchObject({
      unitIds: ['village-a', 'street-b', 'district'],
    });
    // The order itself did not move, so whoever works on it goes on.
    await by('unit-village-a').act('acknowledge', { orderNo: open, expectedVersion: 3 });
    const { auditKey } = hub.app.get(Settings).secrets;
    expect(await verifyLog(hub.app.get(ReadModel), auditKey)).toMatchObject({ findings: 0 });
  });

  it('[I6] reaches every order, however many there are', async () => {
    const orderNos = await Promise.all(Array.from({ length: 103 }, () => dispatched()));
    await by('admin').post('/api/lists/units/import', movedTo('street-b'));
    await until('the rooms to have changed', async () => (await shownIn('unit:street-b')).length === orderNos.length);
    expect(await shownIn('unit:street-a')).toEqual([]);
    expect((await by('unit-street-a').get<OrderPage>('/api/orders')).body.items).toEqual([]);
    expect((await by('unit-street-b').get<OrderPage>('/api/orders?limit=200')).body.items).toHaveLength(103);
  });

  it('[LI5][I6] set for a later time reaches orders, rooms and consoles when that time has come', async () => {
    const orderNo = await dispatched();
    const later = new Date(NOW + 5 * MINUTE).toISOString();
    const parks = { ...TOWN.units[5]!, unitId: 'parks', name: '公园处' };
    const { body } = await by('admin').post(`/api/lists/units/import?effectiveFrom=${later}`, [
      ...movedTo('street-b'),
      parks,
    ]);
    expect(body).toMatchObject({ status: 'scheduled' });
    const mayEnter = async (as: string, room: string) => {
      const socket = await connect(as);
      return { socket, ok: ((await socket.emitWithAck('subscribe', { room })) as SubscribeAnswer).ok };
    };
    expect((await mayEnter('unit-street-b', 'unit:village-a')).ok).toBe(false);
    const above = await mayEnter('unit-street-a', `order:${orderNo}`);
    expect(above.ok).toBe(true);
    const putOut: unknown[] = [];
    above.socket.on('revoked', (word: unknown) => putOut.push(word));
    expect(await shownIn('unit:street-a')).toEqual([`order:${orderNo}`]);

    clock.advance(5 * MINUTE);
    await until('the order to be shown above it', async () => (await shownIn('unit:street-b')).length === 1);
    expect(await shownIn('unit:street-a')).toEqual([]);
    expect(await status('unit-street-a', orderNo)).toBe(404);
    expect(await status('unit-street-b', orderNo)).toBe(200);
    await until('the unit that was above it to be put out of its room', () => putOut.length === 1);
    expect(putOut).toEqual([{ room: `order:${orderNo}`, code: 'order_moved' }]);
    expect((await mayEnter('unit-street-b', 'unit:village-a')).ok).toBe(true);
    await until('the new unit to have its people', async () => Caller.login(hub.url, 'unit-parks'));
    const told = await hub.app.get(LogReader).ofTypesAfter(0, ['lists.activated'], 100);
    expect(told.events.at(-1)).toMatchObject({
      at: clock.now(),
      actorId: 'system',
      data: { list: 'units', version: body.version, effectiveFrom: NOW + 5 * MINUTE },
    });
  });
});
