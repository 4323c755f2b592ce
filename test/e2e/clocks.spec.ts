import { randomUUID } from 'node:crypto';
import type { ClockName, CommandName, OrderCard, OrderDetail, RoomName } from '@minqing-hub/client-sdk/protocol';
import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import { CommandBus } from '../../src/commands/command-bus.js';
import { VirtualClock } from '../../src/config/virtual-clock.js';
import { SYSTEM } from '../../src/identity/actor.js';
import { verifyOrders } from '../../src/orders/verify-orders.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { expectSameAsFresh, openConsole, openRoom, orderIn } from '../support/consoles.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown, TOWN } from '../support/town.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Monday 16 November 2026, 10:00 in China. */
const MONDAY = Date.parse('2026-11-16T10:00:00+08:00');
const STAFF = ['admin', 'agent001', 'dispatcher01', 'arbiter01', 'supervisor01'];
const UNIT_STAFF = ['unit-works', 'handler-works', 'deputy-works', 'unit-street-a', 'deputy-street-a'];

describe('the clocks of an order, through the hub', () => {
  const people = new Map<string, Caller>();
  const consoles: HubClient[] = [];
  /** What the machine counts; the hub's own time is moved ahead of it. */
  let machine: FakeClock;
  let clock: VirtualClock;
  let hub: TestHub;

  beforeEach(async () => {
    machine = new FakeClock(MONDAY);
    clock = new VirtualClock(machine);
    hub = await startHub({ clock });
    for (const name of STAFF) people.set(name, await Caller.login(hub.url, name));
    await settleTown(by('admin'));
    for (const name of UNIT_STAFF) {
      await until(`an account for ${name}`, async () => people.set(name, await Caller.login(hub.url, name)));
    }
  });
  afterEach(async () => {
    for (const client of consoles.splice(0)) client.close();
    await hub.stop();
  });

  const by = (name: string) => people.get(name)!;
  const advance = async (ms: number): Promise<void> => {
    const { now } = await by('admin').act('advanceTime', { seconds: ms / 1000 });
    await until('the time to have moved', () => clock.now() >= now);
  };
  const room = async (username: string, name: RoomName): Promise<RoomHandle> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return openRoom(client, name);
  };
  const detail = async (orderNo: string): Promise<OrderDetail> =>
    (await by('dispatcher01').get(`/api/orders/${orderNo}`)).body as OrderDetail;
  const act = async (who: string, name: CommandName, orderNo: string, more: object = {}) => {
    const { version } = await detail(orderNo);
    await by(who).act(name, { orderNo, expectedVersion: version, ...more });
  };
  const said = (orderNo: string) =>
    hub.app.get(ReadModel).run(async (tx) => {
      const rows = await tx.all<{ type: string; at: number; data: string }>(
        `SELECT type, at, data FROM event WHERE subject = ? AND type IN ('deadline.amber', 'deadline.overdue') ORDER BY id`,
        [`order:${orderNo}`],
      );
      return rows.map(({ at, data }) => {
        const facts = JSON.parse(data) as { clock: string; signal: string };
        return { clock: facts.clock, signal: facts.signal, at };
      });
    });
  const clockIn = (card: OrderCard | undefined, name: ClockName) => card?.clocks.find(({ clock: c }) => c === name);

  async function dispatched(facts: object = {}): Promise<string> {
    const { orderNo } = await by('agent001').act('register', {
      channel: '12345',
      title: '路面破损',
      text: '路面破损一处',
      kind: 'resolution',
      catalogCode: '6-1-1',
      requester: { phone: '13812345678' },
      place: { areaCode: '101' },
      ...facts,
    });
    await act('agent001', 'accept', orderNo);
    await until('the order to be with the unit', async () => (await detail(orderNo)).state === 'pending_ack');
    return orderNo;
  }

  it('[CK10] [CK13] turn amber, overdue and overdue again at every console that shows the order, and at those that must look', async () => {
    const [unit, desk] = [await room('unit-works', 'unit:works'), await room('dispatcher01', 'desk:city')];
    const [leaders, supervisors] = [
      await room('deputy-works', 'leader:works'),
      await room('supervisor01', 'supervision:city'),
    ];
    const orderNo = await dispatched();
    await act('unit-works', 'acknowledge', orderNo);
    const contact = () => clockIn(orderIn(unit, orderNo), 'CONTACT_UNIT');
    await until('the unit to see its clock', contact);
    await until('the desk to be done with it', () => !orderIn(desk, orderNo));
    expect(contact()).toMatchObject({ dueAt: MONDAY + 24 * HOUR, unitId: 'works', limit: 24 * HOUR, source: 'policy' });

    await advance(20 * HOUR);
    await until('the unit to be warned', () => contact()?.signal === 'amber');
    expect([orderIn(leaders, orderNo), orderIn(desk, orderNo)]).toEqual([undefined, undefined]);

    await advance(4 * HOUR);
    await until('the unit to be late', () => contact()?.signal === 'overdue');
    for (const [who, shown] of [
      ['leaders', leaders],
      ['desk', desk],
    ] as const) {
      await until(`the ${who} to see it`, () => clockIn(orderIn(shown, orderNo), 'CONTACT_UNIT')?.signal === 'overdue');
    }
    expect(orderIn(supervisors, orderNo)).toBeUndefined();

    await advance(38 * HOUR);
    await until(
      'who supervises to see it',
      () => clockIn(orderIn(supervisors, orderNo), 'CONTACT_UNIT')?.signal === 'overdue_1wd',
    );
    await act('unit-works', 'recordContact', orderNo, {
      channel: 'phone',
      at: new Date(clock.now()).toISOString(),
      outcome: 'reached',
      summary: '已联系',
    });
    await until('the contact to be told', () => contact()?.state === 'met');
    expect(contact()).toMatchObject({ state: 'met', signal: 'overdue_1wd', endedAt: clock.now() });
    expect((await said(orderNo)).filter(({ clock: c }) => c === 'CONTACT_UNIT').map(({ signal }) => signal)).toEqual([
      'amber',
      'overdue',
      'overdue_1wd',
    ]);
    await expectSameAsFresh(hub.url, 'unit-works', unit, 'unit:works');
    await expectSameAsFresh(hub.url, 'deputy-works', leaders, 'leader:works');
  });

  it('[C1] [CK10] say nothing of what was done in time, to the last millisecond', async () => {
    const { orderNo } = await by('agent001').act('register', {
      channel: '12345',
      title: '不在清单',
      text: '清单里没有的事',
      kind: 'resolution',
      grade: 'urgent',
      catalogCode: '6',
      requester: { phone: '13812345678' },
      place: { areaCode: '101' },
    });
    await act('agent001', 'accept', orderNo);
    await advance(29 * MINUTE);
    machine.advance(MINUTE - 1);
    await until('the warning', async () => (await said(orderNo)).some(({ clock: c }) => c === 'DISPATCH'));
    await act('dispatcher01', 'dispatch', orderNo, { unitId: 'works' });
    await advance(HOUR);
    await until('the unit’s own clock to run out', async () =>
      (await said(orderNo)).some(({ clock: c, signal }) => c === 'ACK' && signal === 'overdue'),
    );
    expect((await said(orderNo)).filter(({ clock: c }) => c === 'DISPATCH').map(({ signal }) => signal)).toEqual([
      'amber',
    ]);
  });

  it('[PC2] [C5] count the longest limit that the hub takes, and the hub takes none that nobody can count', async () => {
    const longest = { key: 'handling.limit.resolution', value: 1_000, reason: '试行一段' };
    expect(await by('admin').refusedTo('changePolicy', { ...longest, value: 5_000 })).toMatchObject({
      code: 'policy_value_invalid',
      field: 'value',
      clause: 'C5',
    });
    for (const key of ['handling.limit.resolution', 'handling.limit.simple']) {
      await by('admin').act('changePolicy', { ...longest, key });
    }
    const orderNo = await dispatched();
    // Nearly four years, of which most have no notice yet.
    const { dueAt, provisional } = clockIn(await detail(orderNo), 'HANDLING')!;
    expect(dueAt).toBeGreaterThan(MONDAY + 1_390 * 24 * HOUR);
    expect(provisional).toBe(true);
  });

  it('[T13] take the order on for a unit that does not', async () => {
    const orderNo = await dispatched({ grade: 'urgent' });
    await advance(30 * MINUTE);
    await until('the order to count as taken on', async () => (await detail(orderNo)).state === 'handling');
    const trail = (await by('unit-works').get(`/api/orders/${orderNo}/trail`)).body as { type: string }[];
    expect(trail.map(({ type }) => type)).toContain('order.auto_acknowledged');
  });

  it('[T12] leave an objection that nobody ruled on to its first receiver, whoever has it in hand', async () => {
    const orderNo = await dispatched();
    await act('deputy-works', 'object', orderNo, {
      reasonCode: 'r',
      basis: '不属本单位',
      proposedUnitId: 'street-a',
    });
    await by('arbiter01').act('setPresence', { presence: 'ready' });
    await advance(4 * HOUR);
    await until('the first receiver to have it', async () => (await detail(orderNo)).state === 'handling');
    expect(await detail(orderNo)).toMatchObject({ leadUnitId: 'works' });
  });

  const objected = async (facts: object = {}): Promise<string> => {
    const orderNo = await dispatched(facts);
    await act('deputy-works', 'object', orderNo, { reasonCode: 'r', basis: '不属本单位', proposedUnitId: 'street-a' });
    return orderNo;
  };
  const closeUnits = async (...closed: string[]) => {
    const units = TOWN.units.map((unit) => (closed.includes(unit.unitId) ? { ...unit, active: false } : unit));
    const { status, body } = await by('admin').post('/api/lists/units/import', units);
    expect([status, body.status]).toEqual([200, 'activated']);
  };

  it('[T12] leave it to the fallback unit when its first receiver is no more, and to the desk when that is gone, too', async () => {
    const [taken, stuck] = [await objected(), await objected({ place: { areaCode: '102' } })];
    await closeUnits('works', 'street-b', 'village-b');
    await advance(4 * HOUR);
    await until('the street to have it', async () => (await detail(taken)).state === 'handling');
    expect(await detail(taken)).toMatchObject({ leadUnitId: 'street-a' });
    await until('the other to be overdue', async () => (await said(stuck)).some(({ signal }) => signal === 'overdue'));
    await hub.settled();
    expect(await detail(stuck)).toMatchObject({ state: 'under_arbitration' });
    expect(clockIn(orderIn(await room('dispatcher01', 'desk:city'), stuck), 'ARBITRATION')).toMatchObject({
      signal: 'overdue',
    });
  });

  it('[CK5] say what fell due while nobody looked, each once, and again nothing', async () => {
    const orderNo = await dispatched();
    await advance(10 * 24 * HOUR);
    await until('every signal of the contact clock', async () =>
      (await said(orderNo)).some(({ clock: c, signal }) => c === 'CONTACT_UNIT' && signal === 'overdue_3wd'),
    );
    const ids = await hub.app.get(ReadModel).run((tx) => tx.all<{ clock_id: string }>('SELECT clock_id FROM clock'));
    const before = await said(orderNo);
    const answer = await hub.app.get(CommandBus).execute(SYSTEM, {
      name: 'signalDeadlines',
      commandId: randomUUID(),
      payload: { clockIds: [...ids.map(({ clock_id }) => clock_id)] },
    });
    expect(answer).toEqual({ ok: true, result: {} });
    expect(await said(orderNo)).toEqual(before);
    expect(new Set(before.map(({ clock: c, signal }) => `${c} ${signal}`)).size).toBe(before.length);
    expect(await verifyOrders(hub.app.get(ReadModel))).toMatchObject({ findings: 0 });
  });

  it('[A27] are counted anew when a notice arrives', async () => {
    await advance(Date.parse('2026-12-29T10:00:00+08:00') - MONDAY);
    const orderNo = await dispatched();
    const handling = async () => clockIn(await detail(orderNo), 'HANDLING');
    expect(await handling()).toMatchObject({
      dueAt: Date.parse('2027-01-05T00:00:00+08:00'),
      provisional: true,
      source: 'route',
    });
    const days = ['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04'];
    const imported = await by('admin').post('/api/calendar/notices?source=https://example.org/2027', {
      year: 2027,
      papers: [],
      days: days.map((date) => ({ name: '元旦', date, isOffDay: true })),
    });
    expect(imported.status).toBe(200);
    await until('the due to be counted anew', async () => (await handling())?.provisional === false);
    expect(await handling()).toMatchObject({ dueAt: Date.parse('2027-01-06T00:00:00+08:00') });
  });

  it('[PC6] keep the limit that they began with, unless a change of policy is to count for them', async () => {
    const orderNo = await dispatched();
    const unitsContact = async () => clockIn(await detail(orderNo), 'CONTACT_UNIT')!;
    const change = { key: 'contact.limit', value: 48, reason: '试行' };
    await by('admin').act('changePolicy', change);
    const later = await dispatched();
    expect(clockIn(await detail(later), 'CONTACT_UNIT')!.limit).toBe(48 * HOUR);
    expect((await unitsContact()).limit).toBe(24 * HOUR);
    await by('admin').act('changePolicy', { ...change, value: 36, recalculate: true });
    await until('the running clock to be counted anew', async () => (await unitsContact()).limit === 36 * HOUR);
    expect((await unitsContact()).dueAt).toBe(MONDAY + 36 * HOUR);
  });

  it.each([
    ['in the future', HOUR, 'time_in_future'],
    ['before the dispatch', -HOUR, 'time_before_dispatch'],
  ])('[T14] refuse a contact %s', async (_, offset, code) => {
    const orderNo = await dispatched();
    const refusal = await by('unit-works').refusedTo('recordContact', {
      orderNo,
      channel: 'phone',
      at: new Date(clock.now() + offset).toISOString(),
      outcome: 'reached',
      summary: '已联系',
    });
    expect(refusal).toMatchObject({ code, clause: 'T14', field: 'at' });
  });
});
