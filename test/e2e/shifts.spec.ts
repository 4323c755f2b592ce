import type { HubClient } from '@minqing-hub/client-sdk';
import type { OwnShift, SeatCard, ShiftPlace } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../../src/config/clock.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, itemOf, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const HEADER = '日期,班次,用户名,坐席编号';
const DAY_MS = 24 * 3_600_000;

describe('shifts over the wire', () => {
  let hub: TestHub;
  let admin: Caller;
  let leader: Caller;
  const consoles: HubClient[] = [];

  beforeEach(async () => {
    hub = await startHub({ env: { HUB_CLOCK: 'virtual' } });
    [admin, leader] = [await Caller.login(hub.url, 'admin'), await Caller.login(hub.url, 'leader01')];
  });
  afterEach(async () => {
    for (const client of consoles.splice(0)) client.close();
    await hub.stop();
  });

  const now = () => hub.app.get(Clock).now();
  const chinaDay = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  /** Moves the hub's time to then, in China. */
  const goTo = async (day: string, time: string) => {
    const then = Date.parse(`${day}T${time}:00+08:00`);
    await admin.act('advanceTime', { seconds: Math.ceil((then - now()) / 1_000) });
    await until(`the hub's time to be ${time}`, () => now() >= then);
  };
  const importRoster = (text: string, by = leader) => by.send('POST', '/api/lists/roster/import', text, 'text/csv');

  it('[SH2] [SH3] takes rosters in by the door of lists, with titles in either language, and reports every bad row', async () => {
    const day = chinaDay(now() + DAY_MS);
    const good = `${HEADER}\n${day},早班,agent001,A001\n${day},late,agent002,A001\n`;
    const report = { list: 'roster', version: null, status: 'activated', rows: 2, errors: [] };
    expect(await importRoster(good)).toEqual({ status: 200, body: report });
    expect((await importRoster(good)).body.status).toBe('unchanged');
    const rows = [
      { date: day, shift: 'early', username: 'agent001', seatId: 'A001' },
      { date: day, shift: 'late', username: 'agent002', seatId: 'A001' },
    ];
    expect((await leader.post('/api/lists/roster/import', rows)).body.status).toBe('unchanged');

    const bad = `date,shift,username,seatId\n${day},early,agent003,A003\n${day},day,agent003,A004\n${day},day,nobody,A003\n`;
    expect((await importRoster(bad)).body).toEqual({
      list: 'roster',
      version: null,
      status: 'refused',
      rows: 3,
      errors: [
        { line: 3, column: 'username', reason: '这个人与第 2 行的时间重叠' },
        { line: 4, column: 'username', reason: '没有这个用户，或账号已停用' },
        { line: 4, column: 'seatId', reason: '这个坐席与第 2 行的时间重叠' },
      ],
    });
    expect((await importRoster(`日期,班次\n${day},早班\n`)).body.errors).toEqual([
      { line: 1, column: 'username', reason: '缺少这一列' },
    ]);
    const agent = await Caller.login(hub.url, 'agent001');
    expect(await importRoster(good, agent)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(
      await leader.send('POST', '/api/lists/roster/import?effectiveFrom=2027-01-01', good, 'text/csv'),
    ).toMatchObject({ status: 422, body: { field: 'effectiveFrom' } });
    expect((await importRoster(good, admin)).body.status).toBe('unchanged');
  });

  it('[SH7] hands work to the next at the seat when a shift ends, and shows who was to work and who did', async () => {
    const day = chinaDay(now() + DAY_MS);
    await importRoster(`${HEADER}\n${day},早班,agent001,A001\n${day},晚班,agent002,A001\n`);
    const [anna, bert, floorLeader] = [await open('agent001'), await open('agent002'), await open('leader01')];
    await goTo(day, '06:50');
    const own = (await (await Caller.login(hub.url, 'agent001')).get<OwnShift[]>('/api/shifts/own')).body;
    const shiftEndsAt = Date.parse(`${day}T15:00:00+08:00`);
    expect(own).toEqual([
      {
        shiftId: expect.any(String) as string,
        code: 'early',
        name: '早班',
        startsAt: Date.parse(`${day}T07:00:00+08:00`),
        endsAt: shiftEndsAt,
        seatId: 'A001',
        signedOn: false,
      },
    ]);
    expect(await act(anna, 'signOn', {})).toEqual({ seatId: 'A001', shiftId: own[0]!.shiftId, shiftEndsAt });
    const queue = await openRoom(floorLeader, 'queue:register');
    const floor = await openRoom(floorLeader, 'floor');
    const orders = [await act(anna, 'register', newRequest(1)), await act(anna, 'register', newRequest(2))];
    await act(anna, 'setPresence', { presence: 'ready' });
    const holders = () => orders.map(({ orderNo }) => itemOf(queue, orderNo)?.seatId);
    await until('her to have them', () => holders().every((seatId) => seatId === 'A001'));

    await goTo(day, '14:50');
    expect(await bert.command('signOn', {})).toMatchObject({ ok: false, error: { code: 'seat_occupied' } });
    await act(bert, 'signOn', { seatId: 'A002' });
    const seat = await openRoom(bert, 'seat:A002');
    await goTo(day, '15:00');
    await until('him to have them', () => holders().every((seatId) => seatId === 'A002'));
    await until('her to be signed off', () => (floor.cards.get('seat:A001') as SeatCard).presence === 'offline');
    await until('his console to show them', () => orders.every(({ orderNo }) => itemOf(seat, orderNo) !== undefined));
    expect(orders.map(({ orderNo }) => itemOf(seat, orderNo)?.state)).toEqual(['claimed', 'claimed']);
    await expectSameAsFresh(hub.url, 'agent002', seat, 'seat:A002');
    await expectSameAsFresh(hub.url, 'leader01', floor, 'floor');

    // Her seat is free now, and is his when he wants it; his console may follow it there.
    await act(bert, 'signOn', { seatId: 'A001', takeOver: true });
    const rostered = await openRoom(bert, 'seat:A001');
    await until('the work to have come along', () =>
      orders.every(({ orderNo }) => itemOf(rostered, orderNo)?.seatId === 'A001'),
    );

    let places: ShiftPlace[] = [];
    await until('the roster to know', async () => {
      places = (await leader.get<ShiftPlace[]>(`/api/shifts?at=${encodeURIComponent(`${day}T14:55:00+08:00`)}`)).body;
      return places[0]?.signedOffAt;
    });
    expect(places).toEqual([
      {
        ...{ shiftId: own[0]!.shiftId, code: 'early', userId: 'agent001', name: '坐席001', seatId: 'A001' },
        ...{ startsAt: own[0]!.startsAt, endsAt: shiftEndsAt },
        signedOnAt: expect.any(Number) as number,
        signedOffAt: expect.any(Number) as number,
      },
    ]);
    expect((await leader.get<ShiftPlace[]>('/api/shifts')).body).toMatchObject([
      { userId: 'agent002', seatId: 'A001', signedOffAt: null },
    ]);
    expect(await leader.get('/api/shifts?at=tomorrow')).toMatchObject({ status: 422, body: { field: 'at' } });
    const agent = await Caller.login(hub.url, 'agent001');
    expect((await agent.get('/api/shifts')).status).toBe(403);
    expect((await agent.get('/api/shifts/own')).body).toEqual([]);
  });

  it('[SH4] stands in the OpenAPI document', async () => {
    const { body } = await Caller.stranger(hub.url).get('/api/openapi.json');
    expect(Object.keys(body.paths as object)).toEqual(expect.arrayContaining(['/api/shifts', '/api/shifts/own']));
  });
});
