import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type { CallbackCard, CallbackDetail, QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { TelephoneSwitch } from '../../simulation/telephone-switch.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import type { PolicyValue } from '../../src/config/policy.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 10:00 in China. */
const NOW = Date.UTC(2026, 10, 21, 2);
const PHONE = '13912345678';
const PURPOSE = '按约定回拨';

/** Call-backs at a real hub; the time is the test's. */
describe('call-backs', () => {
  let hub: TestHub;
  let clock: FakeClock;
  let line: TelephoneSwitch;
  const consoles: HubClient[] = [];

  const start = async (policy: Partial<Record<PolicyKey, PolicyValue>> = {}, now = NOW): Promise<void> => {
    clock = new FakeClock(now);
    hub = await startHub({ clock, policy });
    const admin = await Caller.login(hub.url, 'admin');
    const { apiKey } = await admin.act('createApiKey', { source: 'pbx', label: '话务平台' });
    line = new TelephoneSwitch({ url: hub.url, apiKey, now: () => clock.now() });
  };
  afterEach(async () => {
    for (const client of consoles.splice(0)) client.close();
    await hub.stop();
  });

  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  const queueOf = (client: HubClient) => openRoom(client, 'queue:callback');
  const cardsIn = (room: RoomHandle) =>
    [...room.cards].filter(([key]) => key.startsWith('callback:')).map(([, card]) => card as CallbackCard);
  const cardIn = (room: RoomHandle, callbackId: string) =>
    room.cards.get(`callback:${callbackId}`) as CallbackCard | undefined;
  const itemIn = (room: RoomHandle, callbackId: string) =>
    [...room.cards.values()].find((card) => 'itemId' in card && card.callbackId === callbackId) as
      QueueItemCard | undefined;
  const rows = <T extends object>(sql: string, params: string[] = []) =>
    hub.app.get(ReadModel).run((tx) => tx.all<T>(sql, params));
  const iso = (at: number) => new Date(at).toISOString();
  const miss = async (caller?: string): Promise<void> => {
    const call = await line.ring(caller === undefined ? {} : { caller });
    await call.abandoned();
  };
  /** Waits until the clock that runs for it was looked at. */
  const queued = (room: RoomHandle, callbackId: string) =>
    until('the call-back to be offered or to wait', () => itemIn(room, callbackId) !== undefined);
  const claim = async (client: HubClient, room: RoomHandle, callbackId: string): Promise<void> => {
    await queued(room, callbackId);
    await until('it to be taken', async () => {
      const item = itemIn(room, callbackId)!;
      if (item.state === 'claimed') return item.seatId === client.session!.actor.seatId;
      return (await client.command('claimItem', { itemId: item.itemId })).ok;
    });
  };

  it('[CB2] [CB5] a promise is kept: at its time somebody gets it, sees whom to call, and it is done', async () => {
    await start();
    const agent = await open('agent001');
    await act(agent, 'setPresence', { presence: 'busy' });
    const { orderNo } = await act(agent, 'register', { ...newRequest(), requester: { phone: PHONE } });
    const room = await queueOf(await open('leader01'));
    const dueAt = NOW + 5 * MINUTE;
    const { callbackId } = await act(agent, 'scheduleCallback', { orderNo, dueAt: iso(dueAt), reason: '补充地址' });
    await until('it to be in the room', () => cardsIn(room).length === 1);
    expect(cardIn(room, callbackId)).toEqual({
      ...{ callbackId, cause: 'promised', orderNo, callId: null, dueAt, attempts: 0, state: 'scheduled' },
    });
    expect(itemIn(room, callbackId)).toBeUndefined();
    const other = await Caller.login(hub.url, 'agent002');
    expect(await other.get(`/api/callbacks/${callbackId}`)).toMatchObject({ status: 404 });

    clock.moveAhead(4 * MINUTE + 59_000);
    expect(cardIn(room, callbackId)?.state).toBe('scheduled');
    clock.moveAhead(2_000);
    await queued(room, callbackId);
    expect(itemIn(room, callbackId)).toMatchObject({
      ...{ queueId: 'callback', orderNo, callbackId, dueAt: clock.now() + 120 * MINUTE },
    });
    await until('its card to say so', () => cardIn(room, callbackId)?.state === 'queued');

    const caller = await open('agent003');
    await act(caller, 'setPresence', { presence: 'ready' });
    await claim(caller, room, callbackId);
    const detail = await caller.http.get<CallbackDetail>(`/api/callbacks/${callbackId}`);
    expect(detail).toEqual({
      ...{ callbackId, cause: 'promised', orderNo, callId: null, phone: '139****5678', dueAt },
      ...{ reason: '补充地址', attempts: [] },
    });
    expect(await act(caller, 'viewCallee', { callbackId, purpose: PURPOSE })).toEqual({ phone: PHONE });
    expect(await other.refusedTo('viewCallee', { callbackId, purpose: PURPOSE })).toMatchObject({
      ...{ code: 'callback_not_found', clause: 'CB5' },
    });
    expect(await other.refusedTo('recordCallback', { callbackId, outcome: 'reached' })).toMatchObject({
      ...{ code: 'callback_not_found' },
    });
    expect(await act(caller, 'recordCallback', { callbackId, outcome: 'reached', note: '已补充' })).toEqual({
      ...{ callbackId, nextAt: null },
    });
    await until('it to have left', () => !cardIn(room, callbackId) && !itemIn(room, callbackId));
    const seat = (await rows<{ held: number }>(`SELECT held FROM seat WHERE seat_id = 'A003'`))[0];
    expect(seat?.held).toBe(0);
    await expectSameAsFresh(hub.url, 'leader01', room, 'queue:callback');

    const trail = await (await Caller.login(hub.url, 'auditor01')).get(`/api/orders/${orderNo}/trail`);
    expect(trail.body.map(({ type }: { type: string }) => type)).toContain('requester.identity.viewed');
    await hub.settled();
    for (const event of await hub.app.get(LogReader).after(0, 10_000)) {
      expect(JSON.stringify(event)).not.toMatch(/13912345678|补充/);
    }
  });

  it('[CB3] who does not answer is called again, three times in all', async () => {
    await start({ 'callback.retryMinutes': 5 }); // Logins do not last half an hour.
    const agent = await open('agent001');
    const room = await queueOf(agent);
    const first = await act(agent, 'scheduleCallback', { phone: PHONE, dueAt: iso(clock.now()) });
    const { callbackId } = first;
    await act(agent, 'setPresence', { presence: 'ready' });
    const noAnswer = async (more: object = {}) => {
      await claim(agent, room, callbackId);
      return act(agent, 'recordCallback', { callbackId, outcome: 'no_answer', ...more });
    };
    expect(await noAnswer()).toEqual({ callbackId, nextAt: clock.now() + 5 * MINUTE });
    await until('it to wait for its time', () => cardIn(room, callbackId)?.state === 'scheduled');
    await until('it to have left the queue', () => !itemIn(room, callbackId));
    expect(cardIn(room, callbackId)).toMatchObject({ attempts: 1, dueAt: clock.now() + 5 * MINUTE });
    // Nobody has it in hand now.
    const early = await agent.command('recordCallback', { callbackId, outcome: 'no_answer' });
    expect(early).toMatchObject({ ok: false, error: { code: 'callback_not_found' } });

    clock.moveAhead(5 * MINUTE);
    const nextAt = clock.now() + 5 * MINUTE;
    expect(await noAnswer({ nextAt: iso(nextAt), note: '占线' })).toEqual({ callbackId, nextAt });
    await until('it to have left the queue again', () => !itemIn(room, callbackId));
    clock.moveAhead(5 * MINUTE);
    await claim(agent, room, callbackId);
    const detail = await agent.http.get<CallbackDetail>(`/api/callbacks/${callbackId}`);
    expect(detail.attempts.map(({ outcome, note }) => [outcome, note])).toEqual([
      ['no_answer', null],
      ['no_answer', '占线'],
    ]);
    expect(await noAnswer()).toEqual({ callbackId, nextAt: null });
    await until('it to be given up', () => !cardIn(room, callbackId));
    const last = (await hub.app.get(LogReader).after(0, 10_000)).findLast(({ type }) => type === 'callback.done');
    expect(last?.data).toMatchObject({ callbackId, outcome: 'given_up', attempts: 3 });
  });

  it('[CB2] [CB5] refuses times that are over or far away, nobody to call, and whom one may not speak with', async () => {
    await start();
    const agent = await Caller.login(hub.url, 'agent001');
    const dueAt = iso(NOW + HOUR);
    const refused = (payload: object) => agent.refusedTo('scheduleCallback', { dueAt, ...payload });
    expect(await refused({ phone: PHONE, dueAt: iso(NOW - 1) })).toMatchObject({ field: 'dueAt', clause: 'CB2' });
    expect(await refused({ phone: PHONE, dueAt: iso(NOW + 61 * 24 * HOUR) })).toMatchObject({ field: 'dueAt' });
    expect(await refused({ phone: PHONE, dueAt: '明天' })).toMatchObject({ code: 'payload_invalid', field: 'dueAt' });
    expect(await refused({ phone: '12' })).toMatchObject({ code: 'payload_invalid', field: 'phone' });
    expect(await refused({})).toMatchObject({ code: 'nobody_to_call', status: 422, field: 'phone' });
    expect(await refused({ orderNo: 'GD-0' })).toMatchObject({ code: 'order_not_found' });
    expect(await refused({ callId: 'nobody' })).toMatchObject({ code: 'call_unknown' });
    const { requester: _nobody, ...anonymous } = newRequest();
    const { orderNo } = await agent.act('register', anonymous);
    expect(await refused({ orderNo })).toMatchObject({ code: 'nobody_to_call' });
    const supervisor = await Caller.login(hub.url, 'supervisor01');
    expect(await supervisor.refusedTo('scheduleCallback', { phone: PHONE, dueAt })).toMatchObject({
      code: 'forbidden',
    });
  });

  it('[CB4] nobody is called at night: what is asked for then waits for the morning', async () => {
    await start({}, NOW + 12 * HOUR); // 22:00
    const morning = NOW + 22 * HOUR; // 08:00
    const agent = await open('agent001');
    const room = await queueOf(agent);
    const { dueAt } = await act(agent, 'scheduleCallback', { phone: PHONE, dueAt: iso(clock.now() + HOUR) });
    expect(dueAt).toBe(morning);
    await miss('13800000001');
    await until('both to wait for the morning', () => cardsIn(room).length === 2);
    expect(cardsIn(room).map((card) => [card.dueAt, card.state])).toEqual([
      [morning, 'scheduled'],
      [morning, 'scheduled'],
    ]);
  });

  it('[CB4] who was to be called before an outage that lasted into the night is called in the morning', async () => {
    await start({}, NOW + 10 * HOUR); // 20:00
    const morning = NOW + 22 * HOUR;
    const agent = await Caller.login(hub.url, 'agent001');
    const dueAt = clock.now() + 30 * MINUTE;
    await agent.act('scheduleCallback', { phone: PHONE, dueAt: iso(dueAt) });
    const standing = async () =>
      (await rows<{ state: string; due_at: number }>('SELECT state, due_at FROM callback'))[0]!;
    expect(await standing()).toEqual({ state: 'scheduled', due_at: dueAt });
    clock.moveAhead(150 * MINUTE);
    await until('it to wait for the morning', async () => (await standing()).due_at === morning);
    expect(await standing()).toEqual({ state: 'scheduled', due_at: morning });
    expect(await rows('SELECT item_id FROM queue_item')).toEqual([]);
    clock.moveAhead(morning - clock.now());
    await until('its time to have come', async () => (await standing()).state === 'queued');
    expect(await rows('SELECT due_at FROM queue_item')).toEqual([{ due_at: clock.now() + 120 * MINUTE }]);
  });

  it('[CB4] what nobody has in hand when the hours end waits for the morning, what is in hand stays, and comes back to no queue at night', async () => {
    await start({}, NOW + 11 * HOUR - 5 * MINUTE); // 20:55, and logins last until nine
    const [evening, morning] = [NOW + 11 * HOUR, NOW + 22 * HOUR];
    const agent = await open('agent001');
    const room = await queueOf(agent);
    const inHand = await act(agent, 'scheduleCallback', { phone: PHONE, dueAt: iso(clock.now()) });
    await act(agent, 'setPresence', { presence: 'ready' });
    await claim(agent, room, inHand.callbackId);
    await act(agent, 'setPresence', { presence: 'busy' });
    const waits = await act(agent, 'scheduleCallback', { phone: '13800000001', dueAt: iso(clock.now()) });
    await queued(room, waits.callbackId);
    // It is to be made as long as people are called.
    expect(itemIn(room, waits.callbackId)).toMatchObject({ state: 'queued', dueAt: evening });

    clock.moveAhead(evening - clock.now());
    await until('it to wait for the morning', () => cardIn(room, waits.callbackId)?.state === 'scheduled');
    expect(cardIn(room, waits.callbackId)).toMatchObject({ dueAt: morning, attempts: 0 });
    await until('it to have left the queue', () => !itemIn(room, waits.callbackId));
    const held = itemIn(room, inHand.callbackId)!;
    expect(held).toMatchObject({ state: 'claimed', seatId: agent.session!.actor.seatId });
    await act(agent, 'returnItem', { itemId: held.itemId, reason: '太晚' });
    await until('it to wait for the morning', () => cardIn(room, inHand.callbackId)?.state === 'scheduled');
    expect(cardIn(room, inHand.callbackId)).toMatchObject({ dueAt: morning });
    await until('it to have left the queue', () => !itemIn(room, inHand.callbackId));
    const clocks = `SELECT clock_id FROM clock WHERE kind = 'CALLBACK' AND state = 'running' AND due_at = ${morning}`;
    expect(await rows(clocks)).toHaveLength(2);
    expect(await rows(`SELECT clock_id FROM clock WHERE kind = 'CALLBACK' AND state = 'running'`)).toHaveLength(2);
  });

  it('[CB1] a storm of missed calls makes one call-back for each number, and who gets through needs none', async () => {
    await start();
    const room = await queueOf(await open('leader01'));
    const numbers = Array.from({ length: 20 }, (_, n) => `1370000${String(n).padStart(4, '0')}`);
    for (let round = 0; round < 5; round++) {
      await Promise.all(numbers.map(miss));
      await miss();
      clock.moveAhead(10_000);
    }
    await until('one for each to be in the queue', () => {
      const cards = cardsIn(room);
      return cards.length === 20 && cards.every(({ state }) => state === 'queued');
    });
    expect(await rows('SELECT callback_id FROM callback')).toHaveLength(20);
    expect(cardsIn(room).every(({ cause, orderNo }) => cause === 'missed_call' && orderNo === null)).toBe(true);

    const through = await line.ring({ seatId: 'A001', caller: '+86 137-0000-0000' });
    await through.answered();
    await until('the one who got through to be let go', () => cardsIn(room).length === 19);
    await through.hungUp();
    const waiting = await rows<{ n: number }>(`SELECT COUNT(*) AS n FROM queue_item WHERE open_key IS NOT NULL`);
    expect(waiting[0]!.n).toBe(19);
    // And again: who was called back, or got through, and is missed once more, is called once more.
    clock.moveAhead(1_000);
    await miss('13700000000');
    await until('a new one for them', () => cardsIn(room).length === 20);
  });

  it('[CB1] however late it is told, a call that was missed before the number was answered is not called back', async () => {
    await start();
    const room = await queueOf(await open('leader01'));
    const answered = await line.ring({ seatId: 'A001', caller: PHONE });
    await answered.answered();
    const at = (minutes: number) => NOW - minutes * MINUTE;
    await line.tell({ type: 'abandoned', callId: 'late-1', caller: PHONE, at: at(5) });
    // Who called is told only with an event that comes last.
    await line.tell({ type: 'abandoned', callId: 'late-2', at: at(2) });
    await line.tell({ type: 'offered', callId: 'late-2', caller: '13700000009', at: at(3) });
    await until('the other to be called back', () => cardsIn(room).length === 1);
    expect(cardsIn(room)[0]).toMatchObject({ callId: 'late-2', cause: 'missed_call' });
    // It turns out that it was answered after all.
    await line.tell({ type: 'answered', callId: 'late-2', seatId: 'A002', at: at(2) });
    await until('nobody to be called back', () => cardsIn(room).length === 0);
    expect(await rows(`SELECT callback_id FROM callback WHERE state <> 'done'`)).toEqual([]);
  });

  it('[CB1] calls nobody back where the city does not want it', async () => {
    await start({ 'callback.afterMissed': 'off' });
    const agent = await open('agent001');
    const room = await queueOf(agent);
    await miss(PHONE);
    const seen = new Set<string>();
    room.onEvent(({ type }) => seen.add(type));
    // Told after the missed call, so that whatever followed from that has been told by then.
    await act(agent, 'scheduleCallback', { phone: '13800000002', dueAt: iso(NOW + HOUR) });
    await until('the promise to be seen', () => seen.has('callback.scheduled'));
    await until('the log to have been followed', async () => {
      const head = (await rows<{ seq: number }>('SELECT seq FROM log_head'))[0]!.seq;
      const placed = (await hub.app.get(LogReader).after(0, 10_000)).findLast(({ type }) => type === 'call.abandoned');
      const read = await rows<{ seq: number }>(`SELECT seq FROM consumer WHERE name = 'call-back-when-call-missed'`);
      return head >= placed!.seq && (read[0]?.seq ?? 0) >= placed!.seq;
    });
    expect(cardsIn(room).map(({ cause }) => cause)).toEqual(['promised']);
  });
});
