import { randomUUID } from 'node:crypto';
import type { CommandName, CommandPayload, OrderDetail } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../../src/commands/command-bus.js';
import { orderReaders } from '../../src/domain/access/order-audience.js';
import { fold } from '../../src/domain/order/evolve.js';
import type { OrderEvent } from '../../src/domain/order/order-event.js';
import { movesVersion } from '../../src/domain/order/order-event.js';
import { leadOf, type Order } from '../../src/domain/order/order.js';
import { SYSTEM } from '../../src/identity/actor.js';
import { verifyOrders } from '../../src/orders/verify-orders.js';
import { ListBook } from '../../src/lists/list-book.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { behindItsBack, copyBesides, readAt } from '../support/behind-its-back.js';
import { Caller } from '../support/caller.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown } from '../support/town.js';
import { until } from '../support/until.js';

/** 21 November 2026, 10:00 in China. */
const NOW = Date.UTC(2026, 10, 21, 2);
const STAFF = ['admin', 'agent001', 'agent002', 'leader01', 'leader02', 'dispatcher01', 'arbiter01', 'supervisor01'];
const UNIT_STAFF = ['works', 'works-roads', 'street-a', 'street-b', 'village-a'].flatMap((unit) =>
  ['unit', 'handler', 'deputy'].map((who) => `${who}-${unit}`),
);
const PRIVATE = ['路灯不亮', '已三天', '13812345678', '来电人', '甲街道一路12号'];
const OBJECTION = { orderNo: 'GD1', expectedVersion: 1, reasonCode: 'r', basis: '依据', proposedUnitId: 'works' };
const CONTACT = { orderNo: 'GD1', channel: 'phone', at: '2026-11-21T10:00:00Z', outcome: 'reached', summary: '好' };
/** A duty rule of the town names the bureau for it, surely. */
const ROAD = { catalogCode: '6-1-1' };
/** The rule for it is not sure enough. */
const LAMP = { catalogCode: '6-1-2' };
/** No rule at all. */
const OTHER = { catalogCode: '6' };

describe('orders, through the bus on a real database', () => {
  const clock = new FakeClock(NOW);
  const people = new Map<string, Caller>();
  let hub: TestHub;
  let sent = 0;

  beforeAll(async () => {
    hub = await startHub({ clock });
    for (const name of STAFF) people.set(name, await Caller.login(hub.url, name));
    await settleTown(by('admin'));
    for (const name of UNIT_STAFF) {
      await until(`an account for ${name}`, async () => people.set(name, await Caller.login(hub.url, name)));
    }
  });
  afterAll(() => hub.stop());

  const by = (name: string) => people.get(name)!;
  const rows = <T extends object>(sql: string, params: string[] = []) =>
    hub.app.get(ReadModel).run((tx) => tx.all<T>(sql, params));
  const order = async (orderNo: string): Promise<Order> => {
    const [row] = await rows<{ body: string }>('SELECT body FROM work_order WHERE order_no = ?', [orderNo]);
    return JSON.parse(row!.body) as Order;
  };
  const queue = async (orderNo: string): Promise<string[]> =>
    (
      await rows<{ queue_id: string }>(`SELECT queue_id FROM queue_item WHERE order_no = ? AND state <> 'done'`, [
        orderNo,
      ])
    ).map((row) => row.queue_id);

  async function register(changes: object = {}): Promise<string> {
    const { orderNo } = await by('agent001').act('register', {
      channel: '12345',
      title: '路灯不亮',
      text: `已三天 ${++sent}`,
      kind: 'resolution',
      requester: { name: '来电人', phone: '13812345678' },
      place: { areaCode: '101', address: '甲街道一路12号' },
      ...changes,
    });
    return orderNo;
  }

  /** As somebody, with the version that the order has now. */
  async function act<N extends CommandName>(who: string, name: N, orderNo: string, more: object = {}): Promise<Order> {
    const { version } = await order(orderNo);
    await by(who).act(name, { orderNo, expectedVersion: version, ...more });
    return order(orderNo);
  }

  async function accepted(matter: object): Promise<string> {
    const orderNo = await register(matter);
    await act('agent001', 'accept', orderNo);
    return orderNo;
  }

  async function leftToDispatcher(matter: object = LAMP): Promise<string> {
    const orderNo = await accepted(matter);
    await until('the order to wait for a dispatcher', async () => (await queue(orderNo)).includes('dispatch'));
    return orderNo;
  }

  async function dispatched(unitId: string, matter: object = LAMP): Promise<string> {
    const orderNo = await leftToDispatcher(matter);
    await act('dispatcher01', 'dispatch', orderNo, { unitId });
    return orderNo;
  }

  it('[DI1][I8] goes by itself where a duty rule is sure, and keeps rule, list version and the sentence', async () => {
    const orderNo = await accepted(ROAD);
    await until('the order to be dispatched', async () => (await order(orderNo)).state === 'pending_ack');
    const lead = leadOf(await order(orderNo))!;
    expect(lead).toMatchObject({ unitId: 'works', mode: 'auto', listVersions: expect.objectContaining({ duties: 2 }) });
    expect(lead.decision).toMatchObject({ source: 'duty_rule', legalBasis: '道路管理条例', confidence: 1 });
    expect(lead.decision!.sentence).toContain('城建局');
    expect(await queue(orderNo)).toEqual([]);
    const again = await hub.app.get(CommandBus).execute(SYSTEM, {
      name: 'autoDispatch',
      commandId: randomUUID(),
      payload: { orderNo },
    });
    expect(again).toEqual({ ok: true, result: { orderNo, version: 3 } });
  });

  it('[DI1][LI2] waits for a dispatcher where no rule is, and the duty list has a gap', async () => {
    const orderNo = await leftToDispatcher(OTHER);
    expect(await order(orderNo)).toMatchObject({ state: 'pending_dispatch', version: 2, needsDispatcher: true });
    await until(
      'the gap to be open',
      async () => (await rows('SELECT 1 FROM list_gap WHERE catalog_code = ?', ['6'])).length === 1,
    );
    expect(await queue(orderNo)).toEqual(['dispatch']);
    const told = await rows<{ data: string }>(
      `SELECT data FROM event WHERE subject = ? AND type = 'order.dispatch_deferred'`,
      [`order:${orderNo}`],
    );
    expect(JSON.parse(told[0]!.data)).toMatchObject({ cause: 'no_duty_rule', catalogCode: '6', areaCode: '101' });
  });

  it('[T6][T8][T14][T15][T16][T36][T34] is handled from dispatch to progress, a version each', async () => {
    const orderNo = await leftToDispatcher();
    const sentTo = await act('dispatcher01', 'dispatch', orderNo, {
      unitId: 'street-a',
      assistUnitIds: ['works'],
      reason: '属地处置',
    });
    expect(leadOf(sentTo)).toMatchObject({ unitId: 'street-a', mode: 'manual', decision: { legalBasis: '三定方案' } });
    expect(await queue(orderNo)).toEqual([]);
    const contact = { channel: 'phone', at: new Date(NOW).toISOString(), outcome: 'reached', summary: '已说明' };
    expect(await act('handler-street-a', 'recordContact', orderNo, contact)).toMatchObject({
      state: 'handling',
      version: 4,
    });
    await act('unit-street-a', 'assignHandler', orderNo, { handlerId: 'handler-street-a' });
    await act('handler-street-a', 'addProgress', orderNo, { text: '已派维修', public: true });
    await act('agent002', 'ask', orderNo, { text: '何时修好' });
    await act('handler-street-a', 'reply', orderNo, { text: '今晚' });
    await act('dispatcher01', 'urge', orderNo, { text: '请加快' });
    const { version } = await act('supervisor01', 'openSupervision', orderNo, { kind: 'routine', reason: '关注' });
    expect(version).toBe(9);
    const notes = await rows('SELECT type, body, is_public FROM order_note WHERE order_no = ? ORDER BY id', [orderNo]);
    expect(notes).toEqual([
      { type: 'dispatch', body: '属地处置', is_public: 0 },
      { type: 'contact', body: '已说明', is_public: 0 },
      { type: 'progress', body: '已派维修', is_public: 1 },
      { type: 'question', body: '何时修好', is_public: 1 },
      { type: 'reply', body: '今晚', is_public: 1 },
      { type: 'urge', body: '请加快', is_public: 0 },
      { type: 'supervision', body: '关注', is_public: 0 },
    ]);
  });

  it('[T9][T10] is ruled on when its unit objects, and goes to the desk again with a gap of the list', async () => {
    const orderNo = await dispatched('street-a');
    await act('unit-street-a', 'object', orderNo, {
      reasonCode: 'not_our_duty',
      basis: '属城建局',
      proposedUnitId: 'works',
    });
    expect(await queue(orderNo)).toEqual([]);
    await act('deputy-street-a', 'confirmObjection', orderNo);
    expect(await queue(orderNo)).toEqual(['arbitration']);
    await act('arbiter01', 'upholdObjection', orderNo, { nextUnitId: 'works', reason: '依法属城建局' });
    expect(await queue(orderNo)).toEqual(['dispatch']);
    await until(
      'the gap to be open',
      async () => (await rows(`SELECT 1 FROM list_gap WHERE cause = 'objection_upheld'`)).length === 1,
    );
    await act('dispatcher01', 'dispatch', orderNo, { unitId: 'works' });
    expect(leadOf(await order(orderNo))).toMatchObject({ mode: 'ruling', decision: { source: 'ruling' } });
    expect(await queue(orderNo)).toEqual([]);
    const [first] = await rows('SELECT type, body FROM order_note WHERE order_no = ? ORDER BY id', [orderNo]);
    expect(first).toEqual({ type: 'objection', body: '属城建局' });
  });

  describe('a command that is sent again', () => {
    const call = (name: CommandName, payload: object) => ({ name, commandId: randomUUID(), payload });

    it('[I6][I7] is answered as before while its actor may know of the order, and like a stranger’s afterwards', async () => {
      const orderNo = await dispatched('street-a');
      const { version } = await order(orderNo);
      const objecting = { orderNo, expectedVersion: version, reasonCode: 'r', basis: '依据', proposedUnitId: 'works' };
      const sent = call('object', objecting);
      const first = await by('deputy-street-a').post('/api/commands', sent);
      expect(first.status).toBe(200);
      expect(await by('deputy-street-a').post('/api/commands', sent)).toEqual(first);
      await act('arbiter01', 'upholdObjection', orderNo, { nextUnitId: 'works', reason: '依法属城建局' });
      const nobodys = call('object', { ...objecting, orderNo: 'GD20000101-000001' });
      const stranger = await by('deputy-street-a').post('/api/commands', nobodys);
      expect(stranger.body).toMatchObject({ code: 'order_not_found' });
      expect(await by('deputy-street-a').post('/api/commands', sent)).toEqual(stranger);
    });

    it('[I7] tells who handed a confidential order on that they have, until something else happens to it', async () => {
      const orderNo = await register({ ...OTHER, visibility: 'confidential' });
      const accepting = call('accept', { orderNo, expectedVersion: 1 });
      const first = await by('agent001').post('/api/commands', accepting);
      expect(first.body).toMatchObject({ ok: true, result: { version: 2 } });
      await until('the order to wait for a dispatcher', async () => (await queue(orderNo)).includes('dispatch'));
      // The hub has noted meanwhile why it waits, and the agent reads the order no more.
      expect((await by('agent001').get(`/api/orders/${orderNo}`)).status).toBe(404);
      expect(await by('agent001').post('/api/commands', accepting)).toEqual(first);
      await by('dispatcher01').act('urge', { orderNo, text: '请尽快分拨' });
      expect((await by('agent001').post('/api/commands', accepting)).body).toMatchObject({ code: 'order_not_found' });
    });

    it('[I6][I7] is a stranger’s for who has lost their rights, though nothing happened to the order', async () => {
      const orderNo = await dispatched('works');
      const { version } = await order(orderNo);
      const sent = call('acknowledge', { orderNo, expectedVersion: version });
      expect((await by('unit-works').post('/api/commands', sent)).status).toBe(200);
      const rights = { userId: 'unit-works', roles: ['unit_clerk' as const] };
      await by('admin').act('changeRights', { ...rights, unitId: 'street-b' });
      expect((await by('unit-works').post('/api/commands', sent)).body).toMatchObject({ code: 'order_not_found' });
      await by('admin').act('changeRights', { ...rights, unitId: 'works' });
      expect((await by('unit-works').post('/api/commands', sent)).status).toBe(200);
    });
  });

  it('[T11][T12] stays, goes to the first receiver, or to the unit that answers for the area', async () => {
    const objected = async () => {
      const orderNo = await dispatched('works');
      await act('deputy-works', 'object', orderNo, {
        reasonCode: 'not_our_duty',
        basis: '依据',
        proposedUnitId: 'street-a',
      });
      return orderNo;
    };
    const overruled = await act('arbiter01', 'overruleObjection', await objected(), { reason: '驳回' });
    expect(leadOf(overruled)?.unitId).toBe('works');
    const first = await act('arbiter01', 'assignFirstReceiver', await objected(), {
      basis: 'first_receiver',
      reason: '首接',
    });
    expect(leadOf(first)?.unitId).toBe('works');
    const fallback = await act('arbiter01', 'assignFirstReceiver', await objected(), {
      basis: 'fallback',
      reason: '兜底',
    });
    expect(leadOf(fallback)).toMatchObject({ unitId: 'street-a', mode: 'ruling' });
  });

  it('[T33][T35] goes down inside a unit, and up when the desk agrees', async () => {
    const orderNo = await dispatched('works');
    await act('unit-works', 'acknowledge', orderNo);
    expect(leadOf(await act('unit-works', 'redispatchDown', orderNo, { unitId: 'works-roads' }))?.unitId).toBe(
      'works-roads',
    );
    await act('unit-works-roads', 'escalateLevel', orderNo, { toUnitId: 'works', reason: '超出能力' });
    expect(await queue(orderNo)).toEqual(['dispatch']);
    expect(leadOf(await act('dispatcher01', 'confirmEscalation', orderNo))?.unitId).toBe('works');
    expect(await queue(orderNo)).toEqual([]);
  });

  it('[T2][T3] is answered at once, or refused by two', async () => {
    const asked = await register({ kind: 'consultation' });
    expect((await act('agent001', 'answerDirectly', asked, { answer: '可网上办', knowledgeRef: 'K-1' })).state).toBe(
      'answered',
    );
    const outside = await register();
    await act('leader01', 'refuse', outside, {
      reasonCode: 'out_of_scope',
      alternativeChannel: '12348',
      explanation: '属司法',
    });
    expect((await by('leader01').refusedTo('confirmRefusal', { orderNo: outside, expectedVersion: 2 })).code).toBe(
      'second_person_required',
    );
    expect((await act('leader02', 'confirmRefusal', outside)).state).toBe('refused');
    expect([...(await queue(asked)), ...(await queue(outside))]).toEqual([]);
  });

  it('[T3][T9][T33] goes on as before when the second person says no, and keeps why', async () => {
    const refusal = await register();
    await act('agent001', 'refuse', refusal, { reasonCode: 'out_of_scope', alternativeChannel: '12348' });
    expect(await queue(refusal)).toEqual([]);
    await act('leader01', 'declineProposal', refusal, { reason: '属于受理范围' });
    expect(await queue(refusal)).toEqual(['register']);
    expect((await act('agent001', 'accept', refusal, { catalogCode: '6' })).state).toBe('pending_dispatch');

    const objection = await dispatched('street-a');
    await act('unit-street-a', 'object', objection, {
      reasonCode: 'not_our_duty',
      basis: '属城建局',
      proposedUnitId: 'works',
    });
    expect(await act('deputy-street-a', 'declineProposal', objection, { reason: '属本街道职责' })).toMatchObject({
      state: 'pending_ack',
      proposal: null,
      objections: [],
    });
    const { body } = await by('deputy-street-a').get<OrderDetail>(`/api/orders/${objection}`);
    expect(body).toMatchObject({ awaits: null, objection: null });

    const escalation = await dispatched('works-roads');
    await act('unit-works-roads', 'escalateLevel', escalation, { toUnitId: 'works', reason: '超出能力' });
    await act('dispatcher01', 'declineProposal', escalation, { reason: '科室可以办理' });
    expect(await queue(escalation)).toEqual([]);
    expect(leadOf(await order(escalation))?.unitId).toBe('works-roads');

    const notes = await rows(`SELECT body, is_public FROM order_note WHERE type = 'decline' ORDER BY id`);
    expect(notes).toEqual(
      ['属于受理范围', '属本街道职责', '科室可以办理'].map((reason) => ({ body: reason, is_public: 0 })),
    );
    const told = await rows<{ data: string }>(`SELECT data FROM event WHERE type = 'order.proposal_declined'`);
    expect(told.map(({ data }) => (JSON.parse(data) as { what: string }).what).sort()).toEqual([
      'escalation',
      'objection',
      'refusal',
    ]);
  });

  it.each([
    ['nothing', {}],
    ['one character', { reason: ' 否 ' }],
    ['a novel', { reason: '字'.repeat(501) }],
  ])('[T3] wants a reason for a no, and %s is none', async (_what, reason) => {
    const payload = { orderNo: 'GD1', expectedVersion: 1, ...reason } as CommandPayload<'declineProposal'>;
    const answer = await by('leader01').refusedTo('declineProposal', payload);
    expect(answer).toMatchObject({ code: 'payload_invalid', field: 'reason' });
    expect(answer.message).toMatch(/[\u4e00-\u9fff]/);
  });

  it('[T5] goes up in another order, and both tell it', async () => {
    const [primary, second] = [await dispatched('works'), await dispatched('works')];
    expect(await act('dispatcher01', 'merge', second, { primaryOrderNo: primary })).toMatchObject({
      state: 'merged',
      mergedInto: primary,
      version: 4,
    });
    expect(await order(primary)).toMatchObject({ mergedFrom: 1, version: 4 });
  });

  it('[I6][T8] does not exist for others', async () => {
    const orderNo = await dispatched('works');
    const theirs = await by('unit-street-b').refusedTo('acknowledge', { orderNo, expectedVersion: 1 });
    const none = await by('unit-street-b').refusedTo('acknowledge', {
      orderNo: 'GD20261121-999999',
      expectedVersion: 1,
    });
    expect(theirs).toEqual(none);
    expect(theirs).toMatchObject({ status: 404, code: 'order_not_found' });
    const late = await by('unit-works').refusedTo('acknowledge', { orderNo, expectedVersion: 1 });
    expect(late).toMatchObject({ status: 409, code: 'version_conflict', field: 'expectedVersion' });
  });

  it.each([
    ['acknowledge', 'orderNo', { expectedVersion: 1 }],
    ['acknowledge', 'expectedVersion', { orderNo: 'GD1' }],
    ['acknowledge', 'expectedVersion', { orderNo: 'GD1', expectedVersion: '1' }],
    ['acknowledge', 'colour', { orderNo: 'GD1', expectedVersion: 1, colour: 'red' }],
    ['object', 'reasonCode', { ...OBJECTION, reasonCode: '不是我们的' }],
    ['object', 'proposedUnitId', { ...OBJECTION, proposedUnitId: null }],
    ['recordContact', 'at', { ...CONTACT, at: '2026-11-21 10:00' }],
    ['recordContact', 'channel', { ...CONTACT, channel: 'pigeon' }],
    ['addProgress', 'text', { orderNo: 'GD1', text: ' ' }],
    ['addProgress', 'text', { orderNo: 'GD1', text: '字'.repeat(4001) }],
  ])('[T8][T9][T14][T15] names what is wrong with a malformed %s: %s', async (name, field, payload) => {
    const answer = await by('unit-works').refusedTo(name as 'acknowledge', payload as CommandPayload<'acknowledge'>);
    expect(answer).toMatchObject({ code: 'payload_invalid', field });
    expect(answer.message).toMatch(/[\u4e00-\u9fff]/);
  });

  it('[I8] is in every table what its events say, and its events hold nothing personal', async () => {
    const orders = await rows<{ order_no: string; body: string; version: number }>('SELECT * FROM work_order');
    expect(orders.length).toBeGreaterThan(10);
    const units = await hub.app.get(ReadModel).run((tx) => hub.app.get(ListBook).units(tx, clock.now()));
    for (const { order_no: orderNo, body, version } of orders) {
      const events = (
        await rows<{ type: string; at: number; version: number; actor_id: string; data: string; card: string }>(
          `SELECT type, at, version, actor_id, data, card FROM event WHERE subject = ? AND card IS NOT NULL ORDER BY id`,
          [`order:${orderNo}`],
        )
      ).map(({ data, actor_id: actorId, ...row }) => {
        const { orderNo: of, ...facts } = JSON.parse(data) as { orderNo: string };
        for (const secret of PRIVATE) expect(data + row.card).not.toContain(secret);
        return { ...row, actorId, orderNo: of, facts } as unknown as OrderEvent;
      });
      expect(JSON.stringify(fold(events))).toBe(body);
      expect(events.filter(({ type }) => movesVersion(type)).map((event) => event.version)).toEqual(
        Array.from({ length: version }, (_, i) => i + 1),
      );
      const readers = await rows<{ unit_id: string }>('SELECT unit_id FROM order_reader WHERE order_no = ?', [orderNo]);
      expect(readers.map((row) => row.unit_id).sort()).toEqual(
        [...orderReaders(JSON.parse(body) as Order, units).unitIds].sort(),
      );
    }
  });

  // Time goes on here; above it stands still.
  it('[T3][T33] waits as long as it has, and an escalation has its own limit', async () => {
    const item = async (orderNo: string, queueId: string) => {
      const open = `SELECT queued_at, due_at FROM queue_item WHERE order_no = ? AND queue_id = ? AND state <> 'done'`;
      const [row] = await rows<{ queued_at: number; due_at: number | null }>(open, [orderNo, queueId]);
      return row!;
    };
    const refusal = await register();
    clock.advance(60_000);
    await act('agent001', 'refuse', refusal, { reasonCode: 'out_of_scope', alternativeChannel: '12348' });
    clock.advance(60_000);
    await act('leader01', 'declineProposal', refusal, { reason: '属于受理范围' });
    expect(await item(refusal, 'register')).toMatchObject({ queued_at: (await order(refusal)).registeredAt });
    expect((await order(refusal)).registeredAt).toBe(clock.now() - 120_000);

    const escalation = await dispatched('works-roads');
    clock.advance(60_000);
    await act('unit-works-roads', 'escalateLevel', escalation, { toUnitId: 'works', reason: '超出能力' });
    expect(await item(escalation, 'dispatch')).toEqual({ queued_at: clock.now(), due_at: clock.now() + 120 * 60_000 });
  });

  // Last of all, so that everything above has happened.
  describe('rows against the log', () => {
    const verify = () => verifyOrders(hub.app.get(ReadModel));
    /** What is found in a copy of the database that somebody has laid hands on. */
    async function verifyAfter(sql: string) {
      const copy = await copyBesides(hub.dataDir);
      await behindItsBack(copy, sql);
      return readAt(copy, verifyOrders);
    }

    it('[I8] agree for every order, however it went', async () => {
      const { orders, ...found } = await verify();
      expect(orders).toBeGreaterThan(10);
      expect(found).toEqual({ findings: 0, first: [] });
    });

    it.each([
      ['who may see it', `UPDATE work_order SET visibility = 'confidential'`, 'visibility'],
      ['its state', `UPDATE work_order SET state = 'refused' WHERE state = 'handling'`, 'state'],
      ['the order itself', `UPDATE work_order SET body = REPLACE(body, '"hops":0', '"hops":1')`, 'hops'],
      ['its version', `UPDATE work_order SET version = version + 1`, 'version'],
      ['the units that read it', `DELETE FROM order_reader`, '可读的单位'],
      ['a unit that may not', `UPDATE order_reader SET unit_id = 'x' || unit_id`, '可读的单位'],
      [
        'who else reads it',
        `UPDATE subject_readers SET readers = '{"unitIds":[],"visibility":"public"}'`,
        '可读的人员',
      ],
      ['an order that is lost', `DELETE FROM work_order WHERE order_no LIKE '%1'`, '没有记录'],
    ])('[I8] disagree when somebody changed %s', async (_what, sql, sentence) => {
      const { findings, first } = await verifyAfter(sql);
      expect(findings).toBeGreaterThan(0);
      expect(first.join('\n')).toContain(sentence);
    });
  });
});
