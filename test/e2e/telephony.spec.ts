import { isDeepStrictEqual } from 'node:util';
import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type {
  CallCard,
  CallDetail,
  CallerHistory,
  CallStats,
  Presence,
  SeatCard,
  TelephoneEvent,
  TelephoneEventLine,
} from '@minqing-hub/client-sdk/protocol';
import { TelephoneSwitch } from '../../simulation/telephone-switch.js';
import { Settings } from '../../src/config/settings.js';
import { CountedCalls } from '../../src/domain/telephony/counted-calls.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { seededRandom } from '../support/seeded-random.js';
import { until } from '../support/until.js';

/** 10:00 in China. */
const NOW = Date.UTC(2026, 10, 21, 2);
const PHONE = '13912345678';

/** A switch, seats and a leader at a real hub; the time is the test's. */
describe('telephone switches', () => {
  let hub: TestHub;
  let clock: FakeClock;
  let admin: Caller;
  let apiKey: string;
  const consoles: HubClient[] = [];
  let switches = 0;

  beforeEach(async () => {
    clock = new FakeClock(NOW);
    hub = await startHub({ clock });
    admin = await Caller.login(hub.url, 'admin');
    ({ apiKey } = await admin.act('createApiKey', { source: 'pbx', label: '话务平台' }));
  });
  afterEach(async () => {
    for (const client of consoles.splice(0)) client.close();
    await hub.stop();
  });

  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  const seatOf = (client: HubClient) => client.session!.actor.seatId!;
  const atWork = async (username: string): Promise<{ client: HubClient; seatId: string; room: RoomHandle }> => {
    const client = await open(username);
    const room = await openRoom(client, `seat:${seatOf(client)}`);
    await act(client, 'setPresence', { presence: 'ready' });
    return { client, seatId: seatOf(client), room };
  };
  const presenceIn = (room: RoomHandle, seatId: string): Presence | undefined =>
    (room.cards.get(`seat:${seatId}`) as SeatCard | undefined)?.presence;
  const callsIn = (room: RoomHandle) =>
    [...room.cards].filter(([key]) => key.startsWith('call:')).map(([, card]) => card as CallCard);
  const newSwitch = (more: Partial<ConstructorParameters<typeof TelephoneSwitch>[0]> = {}) =>
    new TelephoneSwitch({ url: hub.url, apiKey, now: () => clock.now(), name: `pbx${++switches}`, ...more });
  const statsIn = (floor: RoomHandle) => floor.latest.get('floor.calls') as CallStats | undefined;
  const rows = <T extends object>(sql: string, params: string[] = []) =>
    hub.app.get(ReadModel).run((tx) => tx.all<T>(sql, params));
  const count = async (table: string) => (await rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]!.n;

  it('[CT3] [CT5] a call rings, is spoken, becomes an order, and is written up', async () => {
    const { client, seatId, room } = await atWork('agent001');
    const floor = await openRoom(await open('leader01'), 'floor');
    const earlier = await act(client, 'register', { ...newRequest(), requester: { phone: PHONE } });
    await act(client, 'setPresence', { presence: 'ready' });
    const call = await newSwitch().ring({ seatId, caller: '139 1234 5678', line: '12319' });
    const { callId } = call;
    await until('the call to ring at the seat', () => callsIn(room).length === 1);
    expect(callsIn(room)[0]).toEqual({ callId, seatId, state: 'offered', offeredAt: NOW, answeredAt: null });
    clock.moveAhead(8_000);
    expect(await call.answered()).toMatchObject({ duplicate: false, presence: 'busy' });
    await until('the seat to be busy', () => presenceIn(room, seatId) === 'busy');
    await until('the leader to see the call', () => callsIn(floor)[0]?.state === 'answered');

    const detail = await client.http.get<CallDetail>(`/api/calls/${callId}`);
    expect(detail).toEqual({
      ...{ callId, seatId, caller: '139****5678', offeredAt: NOW, answeredAt: NOW + 8_000 },
      ...{ endedAt: null, orderNo: null },
    });
    const history = await client.http.get<CallerHistory>(`/api/calls/${callId}/history`);
    expect(history.caller.map(({ orderNo }) => orderNo)).toEqual([earlier.orderNo]);

    const { orderNo } = await act(client, 'register', { callId, title: '路灯不亮', text: '整条街都黑着' });
    const order = await client.http.get(`/api/orders/${orderNo}`);
    expect(order).toMatchObject({ channel: '12319', requester: { phone: '139****5678' } });
    expect(await client.http.get(`/api/calls/${callId}`)).toMatchObject({ orderNo });

    clock.moveAhead(60_000);
    expect(await call.hungUp()).toMatchObject({ presence: 'wrap_up' });
    await until('the call to leave', () => callsIn(room).length === 0 && callsIn(floor).length === 0);
    await until('the seat to write it up', () => presenceIn(room, seatId) === 'wrap_up');
    clock.moveAhead(5 * 60_000);
    await until('the seat to be ready again', () => presenceIn(room, seatId) === 'ready');
    await expectSameAsFresh(hub.url, 'agent001', room, `seat:${seatId}`);
  });

  it('[CT4] [DG5] who calls is for the seat that has the call, for a purpose, and for half an hour more', async () => {
    const { client, seatId } = await atWork('agent001');
    const other = await Caller.login(hub.url, 'agent002');
    const leader = await Caller.login(hub.url, 'leader01');
    const call = await newSwitch().ring({ seatId, caller: PHONE });
    const { callId } = call;
    await call.answered();
    const purpose = '核对来电人号码';
    expect(await act(client, 'viewCaller', { callId, purpose })).toEqual({ phone: PHONE });
    expect(await leader.act('viewCaller', { callId, purpose })).toEqual({ phone: PHONE });
    for (const path of [`/api/calls/${callId}`, `/api/calls/${callId}/history`, '/api/calls/nobody']) {
      expect(await other.get(path)).toMatchObject({ status: 404, body: { code: 'call_unknown' } });
    }
    expect(await other.refusedTo('viewCaller', { callId, purpose })).toMatchObject({ code: 'call_unknown' });
    expect(await other.refusedTo('register', { callId, title: '别人的电话', text: '不是我的' })).toMatchObject({
      ...{ code: 'call_unknown', field: 'callId', clause: 'CT4' },
    });
    const { orderNo } = await act(client, 'register', { callId, title: '井盖松动', text: '车过有响声' });
    await act(client, 'viewCaller', { callId, purpose });
    const trail = await (await Caller.login(hub.url, 'auditor01')).get(`/api/orders/${orderNo}/trail`);
    expect(trail.body.map(({ type }: { type: string }) => type)).toContain('requester.identity.viewed');

    await call.hungUp();
    clock.moveAhead(29 * 60_000);
    // Logins do not last that long.
    const later = await Caller.login(hub.url, 'agent001');
    expect((await later.get(`/api/calls/${callId}`)).body).toMatchObject({ caller: '139****5678' });
    clock.moveAhead(2 * 60_000);
    expect(await later.refusedTo('viewCaller', { callId, purpose })).toMatchObject({ code: 'call_unknown' });

    await hub.settled();
    const events = await hub.app.get(LogReader).after(0, 10_000);
    expect(events.some(({ type }) => type.startsWith('call.'))).toBe(true);
    for (const event of events) expect(JSON.stringify(event)).not.toContain(PHONE);
    expect(await rows('SELECT phone FROM caller')).toEqual([{ phone: PHONE }]);
    const kept = JSON.stringify([
      ...(await rows('SELECT * FROM phone_call')),
      ...(await rows('SELECT * FROM call_fact')),
    ]);
    expect(kept).not.toContain(PHONE);
  });

  describe('the door', () => {
    const event = (more: object = {}) => ({
      ...{ eventId: 'E1', type: 'offered', callId: 'C1', at: '2026-11-21T10:00:00+08:00' },
      ...more,
    });
    const post = (body: unknown) => Caller.withKey(hub.url, apiKey).post('/api/cti/events', body);

    const WRONG: [field: string, wrong: object][] = [
      ['eventId', { eventId: undefined }],
      ['eventId', { eventId: ' x' }],
      ['type', { type: 'ringing' }],
      ['callId', { callId: 7 }],
      ['callId', { callId: 'x'.repeat(129) }],
      ['at', { at: '2026-11-21 10:00:00' }],
      ['at', { at: 1_700_000_000 }],
      ['at', { at: '2026-11-21T10:02:00+08:00' }],
      ['seatId', { type: 'answered' }],
      ['seatId', { seatId: '13912345678' }],
      ['seatId', { seatId: '一号' }],
      ['caller', { caller: 'anonymous' }],
      ['caller', { caller: '' }],
      ['line', { line: '热线' }],
      ['colour', { colour: 'red' }],
    ];
    it('[CT1] names what is wrong with each field in Chinese', async () => {
      for (const [field, wrong] of WRONG) {
        const { status, body } = await post(event(wrong));
        expect({ wrong, status, field: body.field }).toEqual({ wrong, status: 422, field });
        expect(body.code).toMatch(/^(payload_invalid|time_in_future)$/);
        expect(body.message).toMatch(/[\u4e00-\u9fff]/);
      }
      expect(await count('phone_call')).toBe(0);
    });

    it('[CT1] takes an event once, and refuses its id with other content', async () => {
      const first = await post(event({ caller: PHONE }));
      expect(first).toEqual({ status: 200, body: { eventId: 'E1', callId: 'C1', duplicate: false, presence: null } });
      const told = await count('event');
      const again = await post(event({ caller: '139-1234-5678', at: '2026-11-21T02:00:00Z' }));
      expect(again.body).toMatchObject({ duplicate: true, presence: null });
      expect(await count('event')).toBe(told);
      for (const other of [{ callId: 'C2' }, { type: 'abandoned' }, { caller: PHONE, seatId: 'A001' }]) {
        const { status, body } = await post(event({ caller: PHONE, ...other }));
        expect({ status, code: body.code, field: body.field }).toEqual({
          ...{ status: 409, code: 'call_content_differs', field: 'eventId' },
        });
      }
      expect(await count('call_fact')).toBe(1);
      expect(await count('phone_call')).toBe(1);
    });

    it('[CT1] answers each of many by itself, in their order', async () => {
      const { status, body } = await post([event(), event({ eventId: 'E2', at: 'now' }), null, event()]);
      expect(status).toBe(200);
      const lines = body as TelephoneEventLine[];
      expect(lines).toMatchObject([
        { eventId: 'E1', callId: 'C1' },
        { eventId: 'E2', error: { code: 'payload_invalid', field: 'at' } },
        { eventId: null, error: { code: 'payload_malformed', field: 'body' } },
        { eventId: 'E1', callId: 'C1' },
      ]);
      expect(lines.filter((line) => 'duplicate' in line && line.duplicate)).toHaveLength(1);
      const many = Array.from({ length: 101 }, (_, i) => event({ eventId: `M${i}` }));
      expect(await post(many)).toMatchObject({ status: 422, body: { code: 'payload_invalid', field: 'body' } });
      expect((await post([])).body).toEqual([]);
    });

    it('[CT1] is for source systems, and a call belongs to the one that told of it', async () => {
      expect(await Caller.stranger(hub.url).post('/api/cti/events', event())).toMatchObject({ status: 401 });
      expect(await admin.post('/api/cti/events', event())).toMatchObject({ status: 403 });
      await post(event());
      const { apiKey: another } = await admin.act('createApiKey', { source: 'pbx-2', label: '另一话务平台' });
      expect(await Caller.withKey(hub.url, another).post('/api/cti/events', event())).toMatchObject({
        ...{ status: 409, body: { code: 'call_content_differs', field: 'callId' } },
      });
    });

    it('[DG6] knows a call whose id could hold a number by another name', async () => {
      const callId = `1700000000.139123456`;
      const { body } = await post(event({ callId }));
      expect(body.callId).not.toBe(callId);
      expect(body.callId).toMatch(/^[0-9a-f-]{36}$/);
      expect((await post(event({ callId, eventId: 'E2', type: 'abandoned' }))).body.callId).toBe(body.callId);
      const leader = await Caller.login(hub.url, 'leader01');
      for (const name of [callId, body.callId]) {
        expect(await leader.get(`/api/calls/${name}`)).toMatchObject({ status: 200, body: { callId: body.callId } });
      }
      const kept = JSON.stringify([
        ...(await rows('SELECT * FROM event')),
        ...(await rows('SELECT * FROM phone_call')),
      ]);
      expect(kept).not.toContain('139123456');
    });
  });

  it('[CT2] [CT3] what comes out of order and again leaves seats, rooms and numbers as if all had been well', async () => {
    const agents = await Promise.all(['agent001', 'agent002', 'agent003'].map(atWork));
    const floor = await openRoom(await open('leader01'), 'floor');
    const random = seededRandom(7);
    const badly = newSwitch({ random, disorder: { twice: 0.4, heldBack: 0.5 } });
    let answered = 0;
    let inTime = 0;
    const calls = 30;
    for (let n = 0; n < calls; n++) {
      const { seatId } = agents[n % agents.length]!;
      const call = await badly.ring({ seatId, caller: `1391000${String(n).padStart(4, '0')}` });
      const slow = n % 4 === 0;
      clock.moveAhead(slow ? 20_000 : 5_000);
      if (n % 7 === 3) {
        await call.abandoned();
        continue;
      }
      answered += 1;
      inTime += slow ? 0 : 1;
      await call.answered();
      clock.moveAhead(1_000);
      await call.hungUp();
    }
    await badly.flush();
    expect(badly.answers.some((line) => 'duplicate' in line && line.duplicate)).toBe(true);
    expect(badly.answers.filter((line) => 'error' in line)).toEqual([]);

    await until('no call to be left in the rooms', () => callsIn(floor).length === 0);
    expect(await count('phone_call')).toBe(calls);
    expect(await rows(`SELECT call_id FROM phone_call WHERE state <> 'over'`)).toEqual([]);
    for (const { seatId, room } of agents) {
      await until('the seat to be free', () => ['ready', 'wrap_up'].includes(presenceIn(room, seatId)!));
      await until('its calls to be over', () => callsIn(room).length === 0);
      await expectSameAsFresh(
        hub.url,
        'leader01',
        await openRoom(consoles.at(-1)!, `seat:${seatId}`),
        `seat:${seatId}`,
      );
    }
    const expected = {
      ...{ offered: calls, answered, abandoned: calls - answered, answeredWithin15s: inTime },
      ...{ transferred: 0, wrongNumbers: 0 },
      ...{ connectRate: answered / calls, answeredWithin15sRate: inTime / answered },
    };
    await until('the floor to count them', () => isDeepStrictEqual(statsIn(floor), expected));
    expect(await statsOfLog()).toEqual(expected);
  });

  /** [I8] From the log and nothing else. */
  const statsOfLog = async (): Promise<CallStats> => {
    const counted = new CountedCalls();
    for (const event of await hub.app.get(LogReader).after(0, 100_000)) counted.take(event);
    return counted.stats(clock.now(), 15_000);
  };

  it('[CT6] [I8] counts over 24 hours, the same after a restart and from the log alone', async () => {
    const { seatId } = await atWork('agent001');
    let floor = await openRoom(await open('leader01'), 'floor');
    const line = newSwitch();
    const first = await line.ring({ seatId });
    await first.answered();
    await first.hungUp();
    clock.moveAhead(23 * 3_600_000);
    const second = await line.ring();
    await second.abandoned();
    await until('both to be counted', () => statsIn(floor)?.offered === 2 && statsIn(floor)?.abandoned === 1);
    expect(statsIn(floor)).toMatchObject({ connectRate: 0.5, answeredWithin15sRate: 1 });
    expect(await statsOfLog()).toEqual(statsIn(floor));

    for (const client of consoles.splice(0)) client.close();
    await hub.stop({ keep: true });
    hub = await startHub({ clock, dataDir: hub.dataDir });
    floor = await openRoom(await open('leader01'), 'floor');
    await until('them to be counted again', () => statsIn(floor)?.offered === 2);
    expect(statsIn(floor)).toEqual(await statsOfLog());

    for (const client of consoles.splice(0)) client.close();
    clock.moveAhead(2 * 3_600_000);
    floor = await openRoom(await open('leader01'), 'floor');
    await until('the first to have left the 24 hours', () => statsIn(floor)?.offered === 1);
    expect(statsIn(floor)).toMatchObject({ connectRate: 0, answeredWithin15sRate: null, abandoned: 1 });
    expect(await statsOfLog()).toEqual(statsIn(floor));
  });

  it('[CT3] takes what happens at seats where nobody works, and leaves them alone', async () => {
    const { client, seatId, room } = await atWork('agent001');
    const leader = await openRoom(await open('leader01'), `seat:${seatId}`);
    const line = newSwitch();
    await act(client, 'setPresence', { presence: 'break' });
    const call = await line.ring({ seatId });
    expect(await call.answered()).toMatchObject({ presence: 'break' });
    await until('the call to be shown', () => callsIn(room)[0]?.state === 'answered');
    expect(presenceIn(room, seatId)).toBe('break');
    await call.hungUp();
    await act(client, 'setPresence', { presence: 'offline' });
    const late = await line.ring({ seatId });
    expect(await late.answered()).toMatchObject({ presence: 'offline' });
    await late.hungUp();
    const nowhere = await line.ring({ seatId: 'X999' });
    expect(await nowhere.answered()).toMatchObject({ duplicate: false, presence: null });
    await until('the seat to be left offline', () => presenceIn(leader, seatId) === 'offline');
    expect((await rows<{ n: number }>(`SELECT COUNT(*) AS n FROM seat WHERE seat_id = 'X999'`))[0]!.n).toBe(0);
  });

  it('[CT7] a call whose end is never told is over after four hours, and its seat free', async () => {
    const { seatId, room } = await atWork('agent001');
    const line = newSwitch();
    const call = await line.ring({ seatId, caller: PHONE });
    await call.answered();
    await until('the seat to be busy', () => presenceIn(room, seatId) === 'busy');
    clock.moveAhead(239 * 60_000);
    const other = await line.ring();
    await other.abandoned();
    expect(callsIn(room)).toHaveLength(1);
    clock.moveAhead(2 * 60_000);
    await until('the call to be over', () => callsIn(room).length === 0);
    await until('the seat to be free', () => presenceIn(room, seatId) !== 'busy');
    expect(presenceIn(room, seatId)).toBe('wrap_up');
    expect(await call.hungUp()).toMatchObject({ duplicate: false, presence: 'wrap_up' });
  });

  it('[CT8] what is put through to 110 or was a wrong number is written down, counted, and no order', async () => {
    const { client, seatId, room } = await atWork('agent001');
    const floor = await openRoom(await open('leader01'), 'floor');
    const line = newSwitch();
    const { orderNo } = await act(client, 'register', newRequest(1));
    const orders = await count('work_order');
    const call = await line.ring({ seatId, caller: PHONE });
    await call.answered();
    const { callId } = call;
    const seen: string[] = [];
    const stop = room.onEvent(({ type }) => seen.push(type));
    const { contactId } = await act(client, 'transferCall', { callId, to: '110', note: '有人打架' });
    await act(client, 'transferCall', { orderNo, to: '119' });
    await act(client, 'transferCall', { to: '120' });
    await act(client, 'logWrongNumber', { callId, note: '要找外卖' });
    await act(client, 'logWrongNumber', {});
    await until('the floor to count them', () => statsIn(floor)?.wrongNumbers === 2);
    expect(statsIn(floor)).toMatchObject({ transferred: 3, wrongNumbers: 2 });
    expect(await statsOfLog()).toEqual(statsIn(floor));
    await until('the seat to be told', () => seen.filter((type) => type === 'call.wrong_number').length === 2);
    expect(seen.filter((type) => type === 'call.transferred')).toHaveLength(3);
    stop();
    expect(await count('work_order')).toBe(orders);
    const logged = await rows<{ contact_id: string; note: string | null; transferred_to: string }>(
      `SELECT contact_id, note, transferred_to FROM contact_log WHERE transferred_to = '110'`,
    );
    expect(logged).toEqual([{ contact_id: contactId, note: '有人打架', transferred_to: '110' }]);
    const trail = await client.http.get<{ type: string }[]>(`/api/orders/${orderNo}/trail`);
    expect(trail.at(-1)).toMatchObject({ type: 'call.transferred', data: { to: '119' } });
    expect(JSON.stringify(await rows('SELECT * FROM event'))).not.toContain('打架');

    const other = await Caller.login(hub.url, 'agent002');
    expect(await other.refusedTo('transferCall', { callId, to: '110' })).toMatchObject({ code: 'call_unknown' });
    expect(await other.refusedTo('transferCall', { to: '114' as '110' })).toMatchObject({ field: 'to' });
    const clerk = await Caller.login(hub.url, 'supervisor01');
    expect(await clerk.refusedTo('logWrongNumber', {})).toMatchObject({ code: 'forbidden' });
  });

  it('[CT1] [CT2] takes a storm in which everything is told at once, twice', async () => {
    const agents = await Promise.all(['agent001', 'agent002'].map(atWork));
    const floor = await openRoom(await open('leader01'), 'floor');
    const line = newSwitch();
    const events: TelephoneEvent[] = [];
    const at = (seconds: number) => new Date(NOW - 300_000 + seconds * 1_000).toISOString();
    const calls = 120;
    for (let n = 0; n < calls; n++) {
      const { seatId } = agents[n % 2]!;
      const callId = `S-${n}`;
      const one = (type: TelephoneEvent['type'], seconds: number, more: object = {}) =>
        events.push({ eventId: `${callId}-${type}`, type, callId, at: at(seconds), ...more });
      one('offered', n, { caller: `1382000${String(n).padStart(4, '0')}` });
      if (n % 3 === 0) one('abandoned', n + 30);
      else {
        one('answered', n + 10, { seatId });
        one('hung_up', n + 90);
      }
    }
    const random = seededRandom(11);
    const shuffled = [...events, ...events].sort(() => random() - 0.5);
    const answers = await line.send(shuffled);
    expect(answers.filter((one) => 'error' in one)).toEqual([]);
    expect(answers.filter((one) => 'duplicate' in one && one.duplicate)).toHaveLength(events.length);
    await until('all to be counted', () => statsIn(floor)?.answered === 80 && statsIn(floor)?.abandoned === 40);
    expect(statsIn(floor)).toMatchObject({ offered: calls, answeredWithin15s: 80 });
    await until('no call to be left', () => callsIn(floor).length === 0);
    for (const { room, seatId } of agents) {
      await until('the seat to be free', () => ['ready', 'wrap_up'].includes(presenceIn(room, seatId)!));
    }
    expect(await rows('SELECT * FROM call_seat')).toEqual([]);
    const { auditKey } = hub.app.get(Settings).secrets;
    expect(await verifyLog(hub.app.get(ReadModel), auditKey)).toMatchObject({ findings: 0, first: [] });
  });
});
