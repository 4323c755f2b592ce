import type { CitizenNotice, HubEvent, NoticeTemplate } from '@minqing-hub/client-sdk/protocol';
import { SYSTEM } from '../../src/identity/actor.js';
import { SendNotice } from '../../src/notices/commands/send-notice.js';
import { NoticeStore } from '../../src/notices/notice-store.js';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { CitizenGatewayServer } from '../support/citizen-gateway-server.js';
import { ClockedTown } from '../support/clocked-town.js';
import { newId, newRequest } from '../support/consoles.js';
import type { TestHubOptions } from '../support/hub.js';
import { until } from '../support/until.js';

const chinaTime = (text: string) => Date.parse(`${text}+08:00`);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Monday 21 September 2026, 10:00 in China. */
const MONDAY = chinaTime('2026-09-21T10:00:00');
const SECRET = 'the secret of the gateway';
const PHONE = '13812345678';

describe('the requester is told', () => {
  let outside: CitizenGatewayServer;
  let town: ClockedTown;

  const connected = () => ({ HUB_CITIZEN_GATEWAY_URL: outside.url, HUB_CITIZEN_GATEWAY_SECRET: SECRET });
  const start = async (options: TestHubOptions = {}, gateway = true): Promise<void> => {
    const env: Record<string, string> = gateway
      ? { HUB_CITIZEN_GATEWAY_URL: outside.url, HUB_CITIZEN_GATEWAY_SECRET: SECRET }
      : {};
    town = await ClockedTown.at(MONDAY, { ...options, env });
  };
  beforeEach(async () => {
    outside = await CitizenGatewayServer.start();
  });
  afterEach(async () => {
    expect(await town.disagreements()).toEqual([]);
    await town.close();
    await outside.stop();
  });

  const noticesOf = async (orderNo: string, as = 'dispatcher01'): Promise<CitizenNotice[]> =>
    (await town.by(as).get(`/api/orders/${orderNo}/notices`)).body as CitizenNotice[];
  const notice = async (orderNo: string, template: NoticeTemplate) =>
    (await noticesOf(orderNo)).find((one) => one.template === template);
  const stands = (orderNo: string, template: NoticeTemplate, state: CitizenNotice['state']) =>
    until(`the notice of ${template} to be ${state}`, async () => (await notice(orderNo, template))?.state === state);
  const takenOf = (template: NoticeTemplate) => outside.taken.filter(({ message }) => message.template === template);

  /** Of notices, that ring within so many ms. */
  const openTimers = (within = Infinity) =>
    town.hub.app.get(ReadModel).run(async (tx) => {
      const rows = await tx.all<{ due_at: number }>(
        `SELECT due_at FROM clock WHERE kind = 'NOTICE' AND state = 'running'`,
      );
      return rows.filter(({ due_at }) => due_at < town.clock.now() + within).length;
    });

  it('[NT1] of acceptance, unit, extension, suspension and resumption, with unit and due date, each once', async () => {
    await start();
    const orderNo = await town.contacted();
    await town.act('unit-works', 'requestExtension', orderNo, { extra: 2, reason: '等材料' });
    await town.act('deputy-works', 'approveExtension', orderNo);
    await town.act('dispatcher01', 'approveExtension', orderNo);
    await town.act('unit-works', 'requestSuspension', orderNo, {
      reasonCode: 'third_party',
      until: '2026-09-30',
      reason: '等燃气公司',
    });
    await town.act('deputy-works', 'approveSuspension', orderNo);
    await town.act('dispatcher01', 'approveSuspension', orderNo);
    await town.act('unit-works', 'resume', orderNo);

    for (const template of ['accepted', 'dispatched', 'extended', 'suspended', 'resumed'] as const) {
      await stands(orderNo, template, 'sent');
    }
    expect((await noticesOf(orderNo)).map(({ template, text }) => `${template} ${text}`).sort()).toEqual([
      `accepted 您的诉求（工单 ${orderNo}）已受理。`,
      `dispatched 您的诉求（工单 ${orderNo}）已转由城建局办理，预计于2026年9月24日24时前办结。`,
      `extended 您的诉求（工单 ${orderNo}）的办理期限已延长，预计于2026年9月29日24时前办结，仍由城建局办理。`,
      `resumed 您的诉求（工单 ${orderNo}）已由城建局恢复办理，预计于2026年9月29日24时前办结。`,
      `suspended 您的诉求（工单 ${orderNo}）因须待第三方先行处理暂缓办理，至迟于2026年9月30日24时后恢复。`,
    ]);
    expect(outside.taken).toHaveLength(5);
    expect(outside.taken.every(({ message }) => message.phone === PHONE)).toBe(true);
    expect(new Set(outside.taken.map(({ headers }) => headers['idempotency-key'])).size).toBe(5);
  });

  it('[NT1] not when the order only goes down inside a unit', async () => {
    await start();
    const orderNo = await town.dispatched();
    await town.act('unit-works', 'redispatchDown', orderNo, { unitId: 'works-roads' });
    const second = await town.dispatched();
    await stands(second, 'dispatched', 'sent');
    await stands(orderNo, 'dispatched', 'sent');
    expect((await noticesOf(orderNo)).filter(({ template }) => template === 'dispatched')).toHaveLength(1);
  });

  it('[NT2] without anything personal in outbox, log and rooms', async () => {
    await start();
    const room = await town.room('dispatcher01', 'desk:city');
    const orderNo = await town.dispatched();
    await stands(orderNo, 'dispatched', 'sent');
    const tables = await town.hub.app
      .get(ReadModel)
      .run(async (tx) => [
        await tx.all('SELECT * FROM notice'),
        await tx.all(`SELECT data, card FROM event`),
        await tx.all(`SELECT * FROM clock WHERE kind = 'NOTICE'`),
        await tx.all(`SELECT * FROM command WHERE name IN ('queueNotice', 'sendNotice', 'recordNotice')`),
      ]);
    for (const rows of tables) expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(tables)).not.toMatch(/13812345678|来电人/);
    expect(JSON.stringify([...room.cards])).not.toMatch(/13812345678|来电人/);
  });

  it('[NT3] not at all without a gateway: what is queued is shown, and waits', async () => {
    await start({}, false);
    const orderNo = await town.dispatched();
    await until('both notices', async () => (await noticesOf(orderNo)).length === 2);
    await town.moveTo(MONDAY + HOUR);
    expect(await noticesOf(orderNo)).toMatchObject([
      { template: 'accepted', state: 'queued', attempts: 0, sentAt: null, failure: null },
      { template: 'dispatched', state: 'queued', attempts: 0 },
    ]);
    expect(outside.taken).toEqual([]);
  });

  it('[NT3] later, once there is a gateway, unless that is too late', async () => {
    await start({}, false);
    const late = await town.dispatched();
    await until('the first notices', async () => (await noticesOf(late)).length === 2);
    await town.moveTo(MONDAY + 2 * HOUR);
    const orderNo = await town.dispatched();
    await until('the next notices', async () => (await noticesOf(orderNo)).length === 2);
    await town.moveTo(MONDAY + 73 * HOUR);
    expect(outside.taken).toEqual([]);

    await town.restart({ env: connected() });
    await stands(orderNo, 'dispatched', 'sent');
    await stands(orderNo, 'accepted', 'sent');
    for (const template of ['accepted', 'dispatched'] as const) await stands(late, template, 'failed');
    expect(await notice(late, 'accepted')).toMatchObject({ failure: 'expired', attempts: 0 });
    expect(outside.taken).toHaveLength(2);
    expect(await openTimers()).toBe(0);
  });

  it('[NT4] once more when the hub ended before it heard an answer', async () => {
    await start();
    outside.answer = () => null;
    const orderNo = await town.dispatched();
    await until('both to be on their way', () => outside.taken.length === 2);
    await town.restart({ env: connected() });
    expect(await noticesOf(orderNo)).toMatchObject([
      { state: 'queued', attempts: 1 },
      { state: 'queued', attempts: 1 },
    ]);
    outside.answer = () => 200;
    await town.moveTo(MONDAY + MINUTE);
    for (const template of ['accepted', 'dispatched'] as const) await stands(orderNo, template, 'sent');
    expect(new Set(takenOf('accepted').map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(outside.taken).toHaveLength(4);
  });

  it('[NT4] as a gateway of many moods allows: each notice comes to its end, after it nothing is tried', async () => {
    await start({ policy: { 'notice.mostAttempts': 4 } });
    const MOODS = [200, 422, 503, 503, 429];
    const mood = (noticeId: string, attempt: number) => MOODS[Number(`0x${noticeId.slice(attempt, attempt + 4)}`) % 5]!;
    const tries = (noticeId: string) => outside.taken.filter(({ message }) => message.noticeId === noticeId).length;
    outside.answer = ({ noticeId }) => mood(noticeId, tries(noticeId));
    const orders: string[] = [];
    for (let n = 0; n < 12; n += 1) orders.push(await town.dispatched());
    const all = async () => (await Promise.all(orders.map((orderNo) => noticesOf(orderNo)))).flat();
    await until('all notices', async () => (await all()).length === 24);
    for (const minutes of [0, 1, 2, 4]) {
      if (minutes > 0) await town.moveTo(town.clock.now() + minutes * MINUTE);
      // What is on its way has a timer, too: in less than a minute.
      await until('every answer to be written down', async () => (await openTimers(MINUTE)) === 0);
    }
    await until('the end of all', async () => (await openTimers()) === 0);
    for (const { noticeId, state, attempts, failure } of await all()) {
      const heard = [1, 2, 3, 4].map((attempt) => mood(noticeId, attempt));
      const end = heard.findIndex((status) => status === 200 || status === 422);
      const expected =
        end < 0
          ? { state: 'failed', failure: 'unanswered', attempts: 4 }
          : {
              state: heard[end] === 200 ? 'sent' : 'failed',
              failure: heard[end] === 200 ? null : 'refused',
              attempts: end + 1,
            };
      expect({ state, failure, attempts }).toEqual(expected);
      expect(tries(noticeId)).toBe(attempts);
    }
  });

  it('[NT4] again after a minute, then twice as much later, when the gateway does not answer; and of nothing twice', async () => {
    await start();
    outside.answer = () => 503;
    const orderNo = await town.dispatched();
    const tried = async (attempts: number) => {
      await until(`attempt ${attempts} to have failed`, async () => {
        const stored = await notice(orderNo, 'dispatched');
        return stored?.attempts === attempts && takenOf('dispatched').length === attempts && (await waits(orderNo));
      });
    };
    const waits = async (of: string) => {
      const { noticeId } = (await notice(of, 'dispatched'))!;
      const timers = await town.hub.app
        .get(ReadModel)
        .run((tx) =>
          tx.all<{ due_at: number }>(`SELECT due_at FROM clock WHERE subject = ? AND state = 'running'`, [
            `notice:${noticeId}`,
          ]),
        );
      dueAt = timers[0]?.due_at ?? 0;
      return timers.length === 1 && [1, 2, 4].some((minutes) => dueAt === town.clock.now() + minutes * MINUTE);
    };
    let dueAt = 0;
    await tried(1);
    expect(dueAt).toBe(MONDAY + MINUTE);
    await town.moveTo(MONDAY + MINUTE);
    await tried(2);
    expect(dueAt).toBe(MONDAY + 3 * MINUTE);
    outside.answer = () => 200;
    await town.moveTo(dueAt);
    await stands(orderNo, 'dispatched', 'sent');
    expect(await notice(orderNo, 'dispatched')).toMatchObject({ attempts: 3, sentAt: MONDAY + 3 * MINUTE });
    const keys = takenOf('dispatched').map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    await town.moveTo(MONDAY + 24 * HOUR);
    await until('every timer to have been heard', async () => (await openTimers()) === 0);
    expect(takenOf('dispatched')).toHaveLength(3);
  });

  it('[NT4] by the node alone that has counted the attempt, where a transaction of another one did so in vain', async () => {
    await start();
    outside.answer = () => 503;
    const orderNo = await town.dispatched();
    await until('both to wait for their next attempt', async () => {
      return outside.taken.length === 2 && (await openTimers()) === 2 && (await openTimers(MINUTE)) === 0;
    });
    const { noticeId } = (await notice(orderNo, 'dispatched'))!;
    const { app } = town.hub;
    const inVain = app.get(UnitOfWork).run(async (tx) => {
      const { clockId } = (await app.get(NoticeStore).lock(tx, noticeId))!;
      const now = MONDAY + MINUTE;
      const origin = { actorId: SYSTEM.userId, commandId: newId(), causationId: null, recordedAt: now };
      await app
        .get(SendNotice)
        .handle({ noticeId, clockId: clockId! }, { tx, actor: SYSTEM, now, origin, repeated: false });
      throw new Error('undone: another node was first');
    });
    await expect(inVain).rejects.toThrow('undone');
    await app.get(UnitOfWork).run((tx) => tx.run('UPDATE notice SET attempts = 2 WHERE notice_id = ?', [noticeId]));

    outside.answer = () => 200;
    await stands(await town.dispatched(), 'dispatched', 'sent');
    expect(outside.taken.filter(({ message }) => message.noticeId === noticeId)).toHaveLength(1);
  });

  it('[NT4] no more once it was refused, tried often enough, or has nobody to go to', async () => {
    await start({ policy: { 'notice.mostAttempts': 2 } });
    outside.answer = ({ template }) => (template === 'accepted' ? 422 : 500);
    const orderNo = await town.dispatched();
    await stands(orderNo, 'accepted', 'failed');
    await until('the first attempt', () => takenOf('dispatched').length === 1);
    await until('the second timer', async () => (await openTimers()) === 1);
    await town.moveTo(MONDAY + 2 * MINUTE);
    await stands(orderNo, 'dispatched', 'failed');
    expect(await noticesOf(orderNo)).toMatchObject([
      { template: 'accepted', attempts: 1, failure: 'refused' },
      { template: 'dispatched', attempts: 2, failure: 'unanswered' },
    ]);
    expect(outside.taken).toHaveLength(3);

    const nobody = await town.dispatched({ requester: {}, filedBy: '网格员' });
    await stands(nobody, 'accepted', 'failed');
    expect(await notice(nobody, 'accepted')).toMatchObject({ failure: 'no_address', attempts: 1 });
    await until('no timer to be left', async () => (await openTimers()) === 0);
  });

  it('[NT5] in the morning of what happened at night', async () => {
    await start();
    const orderNo = await town.contacted();
    await town.act('unit-works', 'requestSuspension', orderNo, {
      reasonCode: 'season_or_weather',
      until: '2026-09-21',
      reason: '暴雨',
    });
    await town.act('deputy-works', 'approveSuspension', orderNo);
    await town.act('dispatcher01', 'approveSuspension', orderNo);
    const midnight = chinaTime('2026-09-22T00:00:00');
    await town.moveTo(midnight);
    await stands(orderNo, 'resumed', 'queued');
    await town.moveTo(midnight + 8 * HOUR - 1000);
    expect(await notice(orderNo, 'resumed')).toMatchObject({ state: 'queued', attempts: 0 });
    await town.moveTo(midnight + 8 * HOUR);
    await stands(orderNo, 'resumed', 'sent');
  });

  it('[NT6] as who reads the order can see, at once, and nobody else', async () => {
    await start();
    const { orderNo } = await town.by('agent001').act('register', newRequest());
    const events: HubEvent[] = [];
    const room = await town.room('dispatcher01', `order:${orderNo}`);
    room.onEvent((event) => events.push(event));
    await town.act('agent001', 'accept', orderNo, { noPlace: true });
    const told = (type: HubEvent['type']) => events.find((event) => event.type === type)?.data;
    await until('the room to tell that it was sent', () => told('notice.sent') !== undefined);
    const [{ noticeId }] = (await noticesOf(orderNo, 'agent002')) as [CitizenNotice];
    expect(told('notice.queued')).toEqual({ noticeId, orderNo, template: 'accepted', attempts: 0 });
    expect(told('notice.sent')).toEqual({ noticeId, orderNo, template: 'accepted', attempts: 1 });

    const absent = await town.by('unit-works').get('/api/orders/GD20260921-999999/notices');
    expect(absent).toMatchObject({ status: 404, body: { code: 'order_not_found' } });
    expect(await town.by('unit-works').get(`/api/orders/${orderNo}/notices`)).toEqual(absent);
    expect((await Caller.stranger(town.hub.url).get(`/api/orders/${orderNo}/notices`)).status).toBe(401);
  });
});
