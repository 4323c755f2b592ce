import { randomUUID } from 'node:crypto';
import type { CallerHistory, OrderDetail, OrderPage, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown } from '../support/town.js';
import { until } from '../support/until.js';

const NOW = Date.UTC(2026, 10, 21, 2);
const DAY = 24 * 3_600_000;
const STAFF = ['admin', 'agent001', 'agent002', 'leader01', 'dispatcher01', 'arbiter01', 'supervisor01', 'auditor01'];
const UNIT_STAFF = [
  'unit-works',
  'unit-works-roads',
  'handler-works',
  'deputy-works',
  'unit-street-a',
  'unit-street-b',
  'unit-district',
];

describe('reading orders over HTTP', () => {
  const clock = new FakeClock(NOW);
  const people = new Map<string, Caller>();
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHub({ clock });
    for (const name of STAFF) people.set(name, await Caller.login(hub.url, name));
    await settleTown(by('admin'));
    for (const name of UNIT_STAFF) {
      await until(`${name} to have an account`, async () => people.set(name, await Caller.login(hub.url, name)));
    }
  });
  afterAll(() => hub.stop());

  const by = (name: string) => people.get(name)!;

  /** What happens some days later or earlier: tokens live for minutes, so everybody logs in for it. */
  async function daysOff<T>(days: number, work: () => Promise<T>): Promise<T> {
    const names = ['agent001', 'agent002', 'dispatcher01'];
    const now = names.map((name) => by(name));
    clock.advance(days * DAY);
    try {
      for (const name of names) people.set(name, await Caller.login(hub.url, name));
      return await work();
    } finally {
      clock.advance(-days * DAY);
      names.forEach((name, at) => people.set(name, now[at]!));
    }
  }
  let sent = 0;

  async function register(changes: object = {}, as = 'agent001'): Promise<string> {
    const { body, status } = await by(as).post('/api/intake/requests', {
      source: 'app-source',
      sourceId: `S-${++sent}`,
      channel: 'app',
      title: '路灯不亮',
      text: '已三天',
      kind: 'resolution',
      grade: 'normal',
      catalogCode: '6-1-2',
      requester: { name: '来电人', phone: '13812345678', idNumber: '11010519491231002X' },
      filedBy: '代办员',
      place: { areaCode: '101', address: '示范区甲街道一路12号3栋401' },
      ...changes,
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.orderNo as string;
  }

  const read = <T = OrderDetail>(as: string, orderNo: string, more = '') =>
    by(as).get<T>(`/api/orders/${orderNo}${more}`);
  const orderNow = async (orderNo: string) => (await read('dispatcher01', orderNo)).body;

  /** The duty rule is not sure enough, so a dispatcher has to choose. */
  async function accepted(changes: object = {}): Promise<string> {
    const orderNo = await register(changes);
    await by('agent001').act('accept', { orderNo, expectedVersion: 1 });
    await until('the dispatch to be left to a dispatcher', async () => {
      const { body } = await read<TrailEntry[]>('dispatcher01', orderNo, '/trail');
      return body.some(({ type }) => type === 'order.dispatch_deferred');
    });
    return orderNo;
  }

  async function dispatched(unitId: string, changes: object = {}): Promise<string> {
    const orderNo = await accepted(changes);
    await by('dispatcher01').act('dispatch', { orderNo, expectedVersion: 2, unitId });
    return orderNo;
  }

  describe('one order', () => {
    it('[DG1] comes with its personal data masked', async () => {
      const orderNo = await register();
      const order = (await read('dispatcher01', orderNo)).body;
      expect(order).toMatchObject({
        orderNo,
        title: '路灯不亮',
        text: '已三天',
        source: 'app-source',
        channel: 'app',
        state: 'registered',
        requester: { name: '来**', phone: '138****5678', idNumber: '***' },
        filedBy: '代**',
        address: '示范区甲街道****',
        suggestion: null,
        decision: null,
        objection: null,
        escalation: null,
        notes: [],
        visitedUnitIds: [],
      });
      expect(JSON.stringify(order)).not.toMatch(/12345|1101|一路|401/);
    });

    it('[IN5] tells when it happened and was written down apart from when it was registered', async () => {
      const times = { occurredAt: '2026-11-19T20:00:00+08:00', collectedAt: '2026-11-20T09:30:00+08:00' };
      const order = (await read('dispatcher01', await register(times))).body;
      expect(order).toMatchObject({
        occurredAt: Date.parse(times.occurredAt),
        collectedAt: Date.parse(times.collectedAt),
        registeredAt: NOW,
      });
    });

    it('[LI2] says whom the duty list suggests and why, while somebody has to choose', async () => {
      const orderNo = await accepted();
      expect((await orderNow(orderNo)).suggestion).toMatchObject({
        unitId: 'street-a',
        source: 'duty_rule',
        sentence: expect.stringMatching(/[\u4e00-\u9fff]/),
      });
      await by('dispatcher01').act('dispatch', { orderNo, expectedVersion: 2, unitId: 'works', reason: '路灯归城建' });
      const after = await orderNow(orderNo);
      expect(after).toMatchObject({ suggestion: null, leadUnitId: 'works', visitedUnitIds: ['works'] });
      expect(after.notes).toContainEqual(expect.objectContaining({ text: '路灯归城建', actor: 'dispatcher01' }));
    });

    it('[T9] shows an objection with its basis, proposed and then confirmed', async () => {
      const orderNo = await dispatched('works');
      const objection = { reasonCode: 'not_mine', basis: '依职责清单由街道负责', proposedUnitId: 'street-a' };
      await by('unit-works').act('object', { orderNo, expectedVersion: 3, ...objection });
      expect((await read('unit-works', orderNo)).body.objection).toMatchObject({
        unitId: 'works',
        ...objection,
        confirmed: false,
      });
      await by('deputy-works').act('confirmObjection', { orderNo, expectedVersion: 4 });
      expect((await read('arbiter01', orderNo)).body).toMatchObject({
        state: 'under_arbitration',
        objection: { ...objection, confirmed: true },
      });
    });

    it('[T33] shows what a unit would move up, and why, until a dispatcher has confirmed it', async () => {
      const orderNo = await dispatched('works-roads');
      const asked = { toUnitId: 'works', reason: '须由局里统筹' };
      await by('unit-works-roads').act('escalateLevel', { orderNo, expectedVersion: 3, ...asked });
      const escalation = { unitId: 'works-roads', ...asked, at: NOW };
      expect(await orderNow(orderNo)).toMatchObject({ awaits: 'escalation', escalation });
      await by('dispatcher01').act('confirmEscalation', { orderNo, expectedVersion: 4 });
      expect(await orderNow(orderNo)).toMatchObject({ leadUnitId: 'works', awaits: null, escalation: null });
    });

    it('[I6] is not there for who may not read it, as one that does not exist', async () => {
      const orderNo = await dispatched('street-a');
      const absent = await read('unit-street-b', 'GD20261121-999999');
      const foreign = await read('unit-street-b', orderNo);
      expect(absent.status).toBe(404);
      expect(foreign).toEqual(absent);
      expect(absent.body).toMatchObject({ code: 'order_not_found' });
      expect(await read('unit-street-b', orderNo, '/trail')).toEqual(absent);
      for (const reader of ['unit-street-a', 'unit-district', 'agent002', 'auditor01']) {
        expect((await read(reader, orderNo)).status).toBe(200);
      }
    });

    it('[DG4] if confidential is for its own units, the desk and the supervisors', async () => {
      const orderNo = await dispatched('street-a', { visibility: 'confidential' });
      const status = async (as: string) => (await read(as, orderNo)).status;
      for (const reader of ['unit-street-a', 'dispatcher01', 'leader01', 'supervisor01']) {
        expect([reader, await status(reader)]).toEqual([reader, 200]);
      }
      for (const other of ['unit-district', 'agent001', 'agent002', 'auditor01', 'unit-works']) {
        expect([other, await status(other)]).toEqual([other, 404]);
      }
    });

    it('asks who it is', async () => {
      expect((await Caller.stranger(hub.url).get('/api/orders/GD20261121-000001')).status).toBe(401);
      expect((await Caller.stranger(hub.url).get('/api/orders')).status).toBe(401);
    });
  });

  it('[LI3] [LI5] comes with the standard for its matter, as it stood when its unit got it', async () => {
    const lamps = (limit: number) => [
      { catalogCode: '6-1', procedureType: 'simple', limit: 8, limitBasis: 'hours', bindingness: 'recommended' },
      {
        catalogCode: '6-1-2',
        unitId: 'works',
        procedureType: 'standard',
        limit,
        limitBasis: 'workdays',
        bindingness: 'local',
        text: '更换灯具',
        closingRequirements: '前后照片',
      },
    ];
    const imported = async (limit: number) => {
      const { body } = await by('admin').post('/api/lists/standards/import', lamps(limit));
      expect(body).toMatchObject({ status: 'activated' });
      return body.version as number;
    };
    const first = await imported(3);
    const waiting = await accepted();
    expect((await orderNow(waiting)).standard).toMatchObject({ catalogCode: '6-1', unitId: null, limit: 8 });
    const orderNo = await dispatched('works');
    const standard = {
      listVersion: first,
      catalogCode: '6-1-2',
      areaCode: null,
      unitId: 'works',
      bindingness: 'local',
      procedureType: 'standard',
      limit: 3,
      limitBasis: 'workdays',
      text: '更换灯具',
      closingRequirements: '前后照片',
    };
    expect((await read('unit-works', orderNo)).body.standard).toEqual(standard);
    const second = await imported(2);
    expect((await read('unit-works', orderNo)).body.standard).toEqual(standard);
    expect((await orderNow(await dispatched('works'))).standard).toMatchObject({ listVersion: second, limit: 2 });
    expect((await orderNow(await register({ catalogCode: undefined }))).standard).toBeNull();
  });

  describe('who only filed it', () => {
    /** Filed from outside, dispatched with a reason, and worked on. */
    async function filedBy(filer: Caller, changes: object = {}): Promise<string> {
      const { body } = await filer.post('/api/intake/requests', {
        source: 'hotline',
        sourceId: `F-${++sent}`,
        channel: '12345',
        title: '路灯不亮',
        text: '已三天',
        kind: 'resolution',
        grade: 'normal',
        catalogCode: '6-1-2',
        requester: { phone: '13812345678' },
        place: { areaCode: '101' },
        ...changes,
      });
      const orderNo = body.orderNo as string;
      await by('agent001').act('accept', { orderNo, expectedVersion: 1 });
      await until('the dispatch to be left to a dispatcher', async () => {
        const { body: trail } = await read<TrailEntry[]>('dispatcher01', orderNo, '/trail');
        return trail.some(({ type }) => type === 'order.dispatch_deferred');
      });
      await by('dispatcher01').act('dispatch', { orderNo, expectedVersion: 2, unitId: 'works', reason: '内部理由' });
      await by('unit-works').act('acknowledge', { orderNo, expectedVersion: 3 });
      const call = { channel: 'phone', at: new Date(NOW).toISOString(), outcome: 'reached' } as const;
      await by('unit-works').act('recordContact', { orderNo, ...call, summary: '内部摘要' });
      const { version } = await orderNow(orderNo);
      await by('unit-works').act('assignHandler', { orderNo, expectedVersion: version, handlerId: 'handler-works' });
      await by('unit-works').act('addProgress', { orderNo, text: '内部进展', public: false });
      await by('handler-works').act('addProgress', { orderNo, text: '已派人维修', public: true });
      return orderNo;
    }

    async function seesOnlyWhatIsPublic(filer: Caller, orderNo: string): Promise<void> {
      const { body: order } = await filer.get<OrderDetail>(`/api/orders/${orderNo}`);
      expect(order).toMatchObject({ orderNo, state: 'handling', leadUnitId: 'works', handlerId: null });
      expect(order.notes).toEqual([{ at: NOW, actor: 'works', type: 'progress', text: '已派人维修', public: true }]);
      const { body: trail } = await filer.get<TrailEntry[]>(`/api/orders/${orderNo}/trail`);
      expect(trail.map(({ type, actor }) => [type, actor])).toEqual([
        ['order.registered', expect.any(String)],
        ['order.accepted', 'agent'],
        ['order.dispatched', 'dispatcher'],
        ['order.acknowledged', 'works'],
        ['order.contacted', 'works'],
        ['order.progressed', 'works'],
      ]);
      expect(trail[3]!.data).toEqual({ orderNo, version: 4 });
      const page = (await filer.get<OrderPage>('/api/orders')).body;
      expect(page.items).toMatchObject([{ orderNo, handlerId: null }]);
      const all = JSON.stringify([order, trail, page]);
      expect(all).not.toMatch(/内部|agent001|dispatcher01|unit-works|handler-works|suggestion":\{/);
    }

    it('[I6] a source system reads what is public of its orders: no internal notes, nobody by name', async () => {
      const { apiKey } = await by('admin').act('createApiKey', { source: 'hotline', label: '热线系统' });
      const hotline = Caller.withKey(hub.url, apiKey);
      await seesOnlyWhatIsPublic(hotline, await filedBy(hotline));
    });

    it('[I6] so does a grid worker, and a village worker of another area', async () => {
      const rows = '用户名,姓名,角色,单位编码,密码\ngrid-1,网格员,grid_worker,street-b,Long-enough-9-word\n';
      await by('admin').send('POST', '/api/lists/users/import', rows, 'text/csv');
      const { body } = await Caller.stranger(hub.url).post('/api/auth/login', {
        username: 'grid-1',
        password: 'Long-enough-9-word',
      });
      const grid = Caller.withToken(hub.url, body.token as string);
      await seesOnlyWhatIsPublic(grid, await filedBy(grid, { source: 'grid' }));
      const village = await Caller.login(hub.url, 'village-village-b');
      await seesOnlyWhatIsPublic(village, await filedBy(village, { source: 'village' }));
    });
  });

  describe('the trail', () => {
    it('[LI7] tells what happened, oldest first, without names or texts', async () => {
      const orderNo = await dispatched('works', { title: '秘密标题' });
      await hub.settled();
      const { body } = await read<TrailEntry[]>('unit-works', orderNo, '/trail');
      const own = body.filter(({ type }) => !type.startsWith('deadline.'));
      expect(own).not.toHaveLength(body.length);
      expect(own.map(({ type }) => type)).toEqual([
        'order.registered',
        'order.accepted',
        'order.dispatch_deferred',
        'order.dispatched',
      ]);
      expect(own.map(({ data }) => data.version)).toEqual([1, 2, 2, 3]);
      expect(body.map(({ seq }) => seq)).toEqual([...body.map(({ seq }) => seq)].sort((a, b) => a - b));
      expect(own[3]).toMatchObject({ actor: 'dispatcher01', at: NOW, recordedAt: NOW, data: { orderNo } });
      expect(JSON.stringify(body)).not.toMatch(/秘密|来电|13812345/);
    });

    it('tells whoever asks what he has just been answered, though others do so at the same time', async () => {
      const told = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const { body } = await read<TrailEntry[]>('agent001', await register(), '/trail');
          return body[0]?.type;
        }),
      );
      expect(told).toEqual(told.map(() => 'order.registered'));
    });

    it('[DG5] tells supervisors and auditors who looked at the requester, and nobody else', async () => {
      const orderNo = await register();
      await by('agent002').act('viewRequester', { orderNo, purpose: '回拨核实地址' });
      for (const [reader, sees] of [
        ['supervisor01', true],
        ['auditor01', true],
        ['agent002', false],
      ] as const) {
        const { body } = await read<TrailEntry[]>(reader, orderNo, '/trail');
        const looks = body.filter(({ type }) => type === 'requester.identity.viewed');
        expect(looks).toHaveLength(sees ? 1 : 0);
        expect(JSON.stringify(body)).not.toContain('回拨');
        if (sees) expect(looks[0]).toMatchObject({ actor: 'agent002', data: { orderNo, viewId: expect.any(String) } });
      }
    });
  });

  describe('viewRequester', () => {
    const views = (orderNo: string) =>
      hub.app
        .get(ReadModel)
        .run((tx) => tx.all<{ purpose: string }>('SELECT * FROM requester_view WHERE order_no = ?', [orderNo]));

    it('[DG1][DG5] shows who asked to who says why, and remembers that they looked', async () => {
      const orderNo = await register();
      const answer = await by('agent002').act('viewRequester', { orderNo, purpose: '回拨核实地址' });
      expect(answer).toEqual({
        name: '来电人',
        phone: '13812345678',
        idNumber: '11010519491231002X',
        address: '示范区甲街道一路12号3栋401',
      });
      expect(await views(orderNo)).toMatchObject([{ viewer_id: 'agent002', purpose: '回拨核实地址', at: NOW }]);
    });

    it('[I7] answers the same id again without a second look in the log, and keeps no personal answer', async () => {
      const orderNo = await register({ requester: { phone: '13912340000' } });
      const call = { name: 'viewRequester', commandId: randomUUID(), payload: { orderNo, purpose: '回拨核实地址' } };
      const first = await by('agent002').post('/api/commands', call);
      expect(first.body.result).toMatchObject({ phone: '13912340000' });
      expect(await by('agent002').post('/api/commands', call)).toEqual(first);
      expect(await views(orderNo)).toHaveLength(1);
      const kept = await hub.app.get(ReadModel).run((tx) => tx.all('SELECT answer FROM command'));
      expect(JSON.stringify(kept)).not.toContain('13912340000');
    });

    it('[DG1] wants a purpose of five characters or more', async () => {
      const orderNo = await register();
      for (const purpose of ['', '看看', '   看看   ', 'x'.repeat(201)]) {
        expect(await by('agent002').refusedTo('viewRequester', { orderNo, purpose })).toMatchObject({
          code: 'payload_invalid',
          field: 'purpose',
        });
      }
    });

    it('[I6] is for the centre and the lead unit; who may not read the order learns nothing', async () => {
      const orderNo = await dispatched('works');
      const call = { orderNo, purpose: '联系诉求人了解情况' };
      expect(await by('handler-works').act('viewRequester', call)).toMatchObject({ phone: '13812345678' });
      expect(await by('supervisor01').act('viewRequester', call)).toMatchObject({ phone: '13812345678' });
      expect((await by('deputy-works').refusedTo('viewRequester', call)).code).toBe('forbidden');
      expect((await by('auditor01').refusedTo('viewRequester', call)).code).toBe('forbidden');
      const foreign = await by('unit-street-b').refusedTo('viewRequester', call);
      const absent = await by('unit-street-b').refusedTo('viewRequester', { ...call, orderNo: 'GD20261121-999999' });
      expect(foreign).toEqual(absent);
      expect(foreign.code).toBe('order_not_found');
    });
  });

  describe('the list', () => {
    const list = async (as: string, query = '') => {
      const { status, body } = await by(as).get<OrderPage>(`/api/orders?${query}`);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body;
    };
    const numbers = (page: OrderPage) => page.items.map(({ orderNo }) => orderNo);

    it('[I6] holds what the caller may see, and counts no more', async () => {
      const inA = await dispatched('street-a');
      const secret = await dispatched('street-a', { visibility: 'confidential' });
      const pages = {
        a: numbers(await list('unit-street-a', 'limit=200')),
        b: await list('unit-street-b', 'limit=200'),
        district: numbers(await list('unit-district', 'limit=200')),
        agent: numbers(await list('agent002', 'limit=200')),
        desk: numbers(await list('dispatcher01', 'limit=200')),
      };
      expect(pages.a).toEqual(expect.arrayContaining([inA, secret]));
      expect(pages.b).toEqual({ items: [], next: null, total: 0 });
      expect(pages.district).toContain(inA);
      expect(pages.district).not.toContain(secret);
      expect(pages.agent).toContain(inA);
      expect(pages.agent).not.toContain(secret);
      expect(pages.desk).toEqual(expect.arrayContaining([inA, secret]));
    });

    it('pages from the newest to the oldest, each order once, while new ones come in', async () => {
      const known = numbers(await list('dispatcher01', 'limit=200'));
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: OrderPage = await list('dispatcher01', `limit=3&cursor=${cursor}`);
        seen.push(...numbers(page));
        cursor = page.next;
        await register();
      }
      expect(seen).toEqual(known);
      expect(seen).toEqual([...seen].sort().reverse());
    });

    it('filters by state, unit, channel and day', async () => {
      const [web, works] = await daysOff(1, async () => [
        await register({ channel: 'web' }),
        await dispatched('works'),
      ]);
      expect(numbers(await list('dispatcher01', 'channel=web'))).toEqual([web]);
      expect(numbers(await list('dispatcher01', 'from=2026-11-22&to=2026-11-22'))).toEqual([works, web]);
      expect(numbers(await list('dispatcher01', 'from=2026-11-22T00:00:00%2B08:00&state=registered'))).toEqual([web]);
      expect(numbers(await list('dispatcher01', 'from=2026-11-22&unitId=works&state=pending_ack,handling'))).toEqual([
        works,
      ]);
      expect(numbers(await list('dispatcher01', 'from=2026-11-22&unitId=street-a'))).toEqual([]);
      expect(await list('dispatcher01', 'to=2026-11-20')).toEqual({ items: [], next: null, total: 0 });
    });

    it.each([
      ['state', 'state=lost'],
      ['from', 'from=yesterday'],
      ['to', 'to=2026-02-30'],
      ['limit', 'limit=0'],
      ['limit', 'limit=201'],
      ['limit', 'limit=ten'],
      ['limit', 'limit=1e2'],
      ['limit', 'limit=0x10'],
      ['limit', 'limit=+5'],
      ['limit', 'limit=%205'],
      ['limit', 'limit=5.0'],
      ['cursor', 'cursor=%27%20OR%201%3D1'],
      ['colour', 'colour=red'],
      ['state', 'state=handling&state=closed'],
    ])('names the filter that it does not understand: %s', async (field, query) => {
      expect(await by('dispatcher01').get(`/api/orders?${query}`)).toMatchObject({
        status: 422,
        body: { code: 'payload_invalid', field, message: expect.stringMatching(/[\u4e00-\u9fff]/) },
      });
    });
  });

  describe("a caller's history", () => {
    const ask = (as: string, body: object) => by(as).post<CallerHistory>('/api/callers/history', body);

    it("[AN8] finds the caller's orders however the number is written, and the neighbourhood's of late", async () => {
      const place = { areaCode: '10201' };
      const old = await register({ requester: { phone: '0755-28397777' }, place });
      await daysOff(40, async () => {
        const near = await register({ requester: { phone: '13700000002' }, place });
        await register({ requester: { phone: '13700000003' }, place: { areaCode: '10101' } });
        const secret = { requester: { phone: '075528397777' }, place, visibility: 'confidential' };
        const hidden = await register(secret, 'agent002');

        const { status, body } = await ask('agent001', { phone: '(0755) 2839-7777' });
        expect(status).toBe(200);
        expect(body.caller.map(({ orderNo }) => orderNo)).toEqual([old]);
        expect(body.neighbourhood.map(({ orderNo }) => orderNo)).toEqual([near]);
        const desk = await ask('dispatcher01', { phone: '0755-28397777' });
        expect(desk.body.caller.map(({ orderNo }) => orderNo)).toEqual([hidden, old]);
        const nobody = await ask('agent001', { phone: '13700009999', areaCode: '10201' });
        expect(nobody.body.caller).toEqual([]);
        expect(nobody.body.neighbourhood.map(({ orderNo }) => orderNo)).toEqual([near]);
      });
    });

    it('[DG1] is for who speaks with callers, and wants a phone number', async () => {
      expect((await ask('supervisor01', { phone: '13800138000' })).status).toBe(403);
      expect((await ask('unit-works', { phone: '13800138000' })).status).toBe(403);
      expect(await ask('agent001', { phone: '1380' })).toMatchObject({ status: 422, body: { field: 'phone' } });
      expect(await ask('agent001', { phone: '13800138000', who: 1 })).toMatchObject({
        status: 422,
        body: { field: 'who' },
      });
      const told = await ask('agent001', { phone: '1380013800x' });
      expect(JSON.stringify(told.body)).not.toContain('138001');
    });
  });
});
