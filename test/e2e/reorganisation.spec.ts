import type { OrderPage, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { LogReader } from '../../src/event-log/log-reader.js';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { Settings } from '../../src/config/settings.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown, TOWN } from '../support/town.js';
import { until } from '../support/until.js';

const NOW = Date.UTC(2026, 10, 21, 2);
const STAFF = ['admin', 'agent001', 'dispatcher01', 'arbiter01'];
const UNIT_STAFF = ['unit-village-a', 'deputy-village-a', 'unit-street-a', 'unit-street-b', 'unit-works'];

/** The town with one community under the other street. */
const movedTo = (parentId: string) =>
  TOWN.units.map((unit) => (unit.unitId === 'village-a' ? { ...unit, parentId } : unit));

describe('a reorganisation', () => {
  let clock: FakeClock;
  let hub: TestHub;
  let people: Map<string, Caller>;
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
  afterEach(() => hub.stop());

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
    await until('the dispatch to be left to a dispatcher', async () => {
      const { body: trail } = await by('dispatcher01').get<TrailEntry[]>(`/api/orders/${orderNo}/trail`);
      return trail.some(({ type }) => type === 'order.dispatch_deferred');
    });
    await by('dispatcher01').act('dispatch', { orderNo, expectedVersion: 2, unitId: 'village-a' });
    return orderNo;
  }

  const status = async (as: string, orderNo: string) => (await by(as).get(`/api/orders/${orderNo}`)).status;
  const listed = async (as: string) =>
    (await by(as).get<OrderPage>('/api/orders')).body.items.map(({ orderNo }) => orderNo);
  const shownIn = async (room: string) => Object.keys((await hub.app.get(LogReader).roomState(room)).cards);

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
  }, 60_000);
});
