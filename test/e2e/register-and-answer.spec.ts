import type { Article, ArticlePage, OrderDetail, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { openConsole, openRoom } from '../support/consoles.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { onEachProfile } from '../support/profile.js';
import { until } from '../support/until.js';

/** Shorter than anybody's token lives. */
const SOON_MS = 10_000;
const STAFF = ['admin', 'agent001', 'agent002', 'leader01', 'dispatcher01', 'supervisor01'];
const UNIT_STAFF = [
  'unit-water',
  'deputy-water',
  'unit-cityworks',
  'unit-dc-first',
  'village-dc-first',
  'unit-dongcheng',
];

describe('what is known, answered, refused and merged, through the whole hub', () =>
  onEachProfile((profile) => {
    const clock = new FakeClock(Date.UTC(2026, 10, 21, 2));
    const people = new Map<string, Caller>();
    let hub: TestHub;
    let n = 0;

    beforeAll(async () => {
      hub = await startHub({ clock, profile });
      for (const name of STAFF) people.set(name, await Caller.login(hub.url, name));
      for (const name of UNIT_STAFF) {
        await until(`an account for ${name}`, async () => people.set(name, await Caller.login(hub.url, name)));
      }
      await until('the demo articles', async () => (await found('')).items.length === 8);
    });
    afterAll(() => hub.stop());

    const by = (name: string) => people.get(name)!;
    const found = async (query: string, who = 'agent001') =>
      (await by(who).get<ArticlePage>(`/api/knowledge?${new URLSearchParams(query).toString()}`)).body;
    const detail = async (who: string, orderNo: string) =>
      (await by(who).get<OrderDetail>(`/api/orders/${orderNo}`)).body;
    const trail = async (who: string, orderNo: string) =>
      (await by(who).get<TrailEntry[]>(`/api/orders/${orderNo}/trail`)).body;

    async function register(
      more: object = {},
      who = 'agent001',
    ): Promise<{ orderNo: string; expectedVersion: number }> {
      const { orderNo, version } = await by(who).act('register', {
        channel: '12345',
        title: '咨询停水',
        text: `何时来水 ${++n}`,
        kind: 'consultation',
        requester: { name: '来电人', phone: '13812345678' },
        place: { areaCode: 'SF-DC-1' },
        ...more,
      });
      return { orderNo, expectedVersion: version };
    }

    const publish = (more: object = {}, who = 'unit-water') =>
      by(who).act('publishArticle', {
        title: '水费怎么交',
        text: '水费按户计量，每两月一次。',
        source: '供水公司公告',
        ownerUnitId: 'water',
        catalogCodes: ['040101'],
        ...more,
      });

    it('[KB3] a demo database has articles that say so, found by what is asked', async () => {
      const { items } = await found('');
      for (const { title, source } of items) {
        expect(title).toMatch(/^（演示）/);
        expect(source).toMatch(/不是正式文件$/);
      }
      const first = async (question: string) => (await found(`q=${question}`)).items[0]?.title;
      expect(await first('停水')).toContain('停水');
      expect(await first('１２３４５')).toContain('12345');
      expect(await first('路灯不亮怎么办')).toContain('路灯');
      expect((await found('catalogCode=040101')).items.map(({ title }) => title)).toEqual(['（演示）停水了怎么办']);
    });

    it('[KB4] nobody reads articles but the people of the centre and of the units', async () => {
      const { articleId } = (await found('')).items[0]!;
      for (const path of ['/api/knowledge', `/api/knowledge/${articleId}`]) {
        expect((await by('village-dc-first').get(path)).status).toBe(200);
        expect((await by('dispatcher01').get(path)).status).toBe(200);
        expect((await by('supervisor01').get(path)).status).toBe(403);
        expect((await Caller.stranger(hub.url).get(path)).status).toBe(401);
        const { apiKey } = await by('admin').act('createApiKey', { source: 'web', label: '网页' });
        expect((await Caller.withKey(hub.url, apiKey).get(path)).status).toBe(403);
      }
      expect((await by('agent001').get('/api/knowledge/kb-none')).body).toMatchObject({ code: 'article_not_found' });
      expect((await by('agent001').get(`/api/knowledge/${articleId}?version=x`)).status).toBe(422);
      expect((await by('agent001').get('/api/knowledge?text=x')).body).toMatchObject({ field: 'text' });
    });

    it('[KB1][KB2] an article is published, told in its room, found, renewed and retired', async () => {
      const agent = await openConsole(hub.url, 'agent001');
      const room = await openRoom(agent, 'knowledge');
      const told: object[] = [];
      room.onEvent((event) => told.push(event));
      const { articleId } = await publish();
      await until('it to be found', async () => (await found('q=水费')).items.length === 1);
      expect((await found('q=水费')).items[0]).toMatchObject({
        articleId,
        version: 1,
        excerpt: '水费按户计量，每两月一次。',
      });
      await publish({ articleId, expectedVersion: 1, text: '水费按户计量，每月一次。' }, 'deputy-water');
      expect(
        await by('unit-cityworks').refusedTo('retireArticle', { articleId, expectedVersion: 2, reason: '重复' }),
      ).toMatchObject({ status: 403, code: 'not_own_unit' });
      await by('admin').act('retireArticle', { articleId, expectedVersion: 2, reason: '重复' });
      await until('it to be found no more', async () => (await found('q=水费')).items.length === 0);
      const old = await by('agent001').get<Article>(`/api/knowledge/${articleId}?version=1`);
      expect(old.body).toMatchObject({
        version: 1,
        newestVersion: 2,
        retired: true,
        text: '水费按户计量，每两月一次。',
      });
      await until('all three to be told', () => told.length === 3);
      expect(JSON.stringify(told)).not.toMatch(/水费|重复/);
      agent.close();
    });

    it('[T2][KB5] a direct answer keeps the version of the article that it cites', async () => {
      const { articleId } = await publish({
        title: '来水时间',
        expiresAt: new Date(clock.now() + SOON_MS).toISOString(),
      });
      const asked = await register();
      const answered = await by('agent001').act('answerDirectly', {
        ...asked,
        answer: '今晚来水',
        knowledgeRef: articleId,
      });
      expect(answered).toEqual({ orderNo: asked.orderNo, version: 2 });
      await publish({
        articleId,
        expectedVersion: 1,
        title: '来水时间（改）',
        expiresAt: new Date(clock.now() + SOON_MS).toISOString(),
      });
      const cited = { articleId, version: 1, expired: false };
      expect(await detail('agent001', asked.orderNo)).toMatchObject({ state: 'answered', citedArticle: cited });
      const entries = await trail('agent001', asked.orderNo);
      expect(entries.find(({ type }) => type === 'order.answered')).toMatchObject({
        type: 'order.answered',
        data: { ground: 'knowledge', knowledgeRef: `${articleId}@1`, article: cited },
      });

      const older = await register();
      await by('agent001').act('answerDirectly', { ...older, answer: '今晚', knowledgeRef: `${articleId}@1` });
      expect((await detail('agent001', older.orderNo)).citedArticle).toEqual(cited);
      const unknown = await register();
      for (const knowledgeRef of [`${articleId}@9`, 'kb-bcdfghjkmnpqrstv']) {
        const refusal = { ...unknown, answer: '今晚', knowledgeRef };
        expect(await by('agent001').refusedTo('answerDirectly', refusal)).toMatchObject({
          status: 404,
          code: 'article_not_found',
          field: 'knowledgeRef',
        });
      }

      clock.advance(SOON_MS);
      const late = { ...unknown, answer: '今晚', knowledgeRef: articleId };
      expect(await by('agent001').act('answerDirectly', late)).toEqual({
        orderNo: unknown.orderNo,
        version: 2,
        warning: 'article_expired',
      });
      expect((await detail('agent001', unknown.orderNo)).citedArticle).toEqual({
        articleId,
        version: 2,
        expired: true,
      });
    });

    it('[T2] an answer may name a ground that only others know, and none that could name a person', async () => {
      const asked = await register();
      for (const knowledgeRef of ['13812345678', '张三', 'K-1@2']) {
        const refused = await by('agent001').refusedTo('answerDirectly', { ...asked, answer: '可以', knowledgeRef });
        expect(refused).toMatchObject({ code: 'payload_invalid', field: 'knowledgeRef' });
      }
      await by('agent001').act('answerDirectly', { ...asked, answer: '可以', knowledgeRef: 'policy.2026:7' });
      expect(await detail('agent001', asked.orderNo)).toMatchObject({ state: 'answered', citedArticle: null });
    });

    it('[T2] an agent and a village worker solve on the spot, with evidence that stays inside', async () => {
      const spot = { answer: '已清理', solvedOnTheSpot: true };
      const filed = await register({ kind: 'resolution', text: '楼道堆物' }, 'village-dc-first');
      const bare = await by('village-dc-first').refusedTo('answerDirectly', { ...filed, ...spot });
      expect(bare).toMatchObject({ code: 'answer_without_ground', field: 'evidence', clause: 'T2' });
      await by('village-dc-first').act('answerDirectly', { ...filed, ...spot, evidence: '清理前后照片两张' });
      const called = await register({ kind: 'resolution', text: '水管阀门' });
      await by('agent001').act('answerDirectly', { ...called, ...spot, evidence: '与供水公司三方通话' });
      for (const { orderNo } of [filed, called]) {
        const order = await detail('leader01', orderNo);
        expect(order.state).toBe('answered');
        expect(order.notes.map(({ type, public: shown }) => [type, shown])).toEqual([
          ['answer', true],
          ['evidence', false],
        ]);
      }
    });

    it('[T2] what is answered is in no queue, was never dispatched, and stays as it is', async () => {
      const asked = await register();
      await by('agent001').act('answerDirectly', { ...asked, answer: '可以', knowledgeRef: 'K-1' });
      const left = await hub.app
        .get(ReadModel)
        .run((tx) => tx.all("SELECT 1 FROM queue_item WHERE order_no = ? AND state <> 'done'", [asked.orderNo]));
      expect(left).toEqual([]);
      expect(await detail('leader01', asked.orderNo)).toMatchObject({
        state: 'answered',
        acceptedAt: null,
        dispatchDueAt: null,
        dispatchedAt: null,
        leadUnitId: null,
      });
      const late = await by('agent001').refusedTo('accept', { ...asked, expectedVersion: 2 });
      expect(late).toMatchObject({ status: 409, code: 'transition_not_allowed' });
    });

    it('[T3] a refusal proposed by an agent takes a second person, and tells where else to go', async () => {
      const outside = await register({ kind: 'complaint' });
      await by('agent001').act('refuse', {
        ...outside,
        reasonCode: 'out_of_scope',
        alternativeChannel: '信访局',
        explanation: '属于信访事项',
      });
      const waiting = { orderNo: outside.orderNo, expectedVersion: 2 };
      expect((await by('agent002').refusedTo('confirmRefusal', waiting)).code).toBe('forbidden');
      await by('leader01').act('confirmRefusal', waiting);
      const order = await detail('leader01', outside.orderNo);
      expect(order).toMatchObject({ state: 'refused', awaits: null });
      expect(order.notes.filter((note) => note.public).map(({ text }) => text)).toEqual(['信访局', '属于信访事项']);
    });

    describe('a merge', () => {
      const matter = { kind: 'resolution', catalogCode: '040101' };

      async function accepted(more: object) {
        const { orderNo } = await register({ ...matter, ...more });
        await by('agent001').act('accept', { orderNo, expectedVersion: 1 });
        await until('it to be dispatched', async () => (await detail('dispatcher01', orderNo)).state === 'pending_ack');
        return orderNo;
      }
      async function merge(orderNo: string, primaryOrderNo: string) {
        const { version: expectedVersion } = await detail('dispatcher01', orderNo);
        return by('dispatcher01').act('merge', { orderNo, expectedVersion, primaryOrderNo });
      }
      const person = (phone: string) => ({ requester: { name: '来电人', phone } });

      it('[T5][DU1] by a person adds what the same person said again, and links what others said', async () => {
        const primary = await accepted({ ...person('13900000001'), text: '三楼没水' });
        const again = await accepted({ ...person('139-0000-0001'), text: '四楼也没水了' });
        const other = await accepted({ ...person('13900000002'), text: '隔壁楼没水' });
        await merge(again, primary);
        await merge(other, primary);
        for (const orderNo of [again, other]) {
          expect(await detail('dispatcher01', orderNo)).toMatchObject({ state: 'merged', mergedInto: primary });
        }
        const { notes, state } = await detail('unit-water', primary);
        expect(state).toBe('pending_ack');
        expect(notes.filter(({ type }) => type === 'repeated')).toEqual([
          expect.objectContaining({ text: '四楼也没水了', public: false, actor: 'dispatcher01' }),
        ]);
        const told = (await trail('unit-water', primary)).filter(({ type }) => type === 'order.merge_received');
        expect(told.map(({ data }) => [data.mergedOrderNo, data.saidAgain])).toEqual([
          [again, true],
          [other, undefined],
        ]);
      });

      it('[T5][DU1][DG4] adds nothing confidential to what is not', async () => {
        const primary = await accepted({ ...person('13900000003'), text: '没水' });
        const { orderNo } = await register({
          ...matter,
          ...person('13900000003'),
          text: '举报内情',
          visibility: 'confidential',
        });
        await until('the agent to hold it', async () => (await detail('agent001', orderNo)).text === '举报内情');
        await by('agent001').act('accept', { orderNo, expectedVersion: 1 });
        await until('it to be dispatched', async () => (await detail('dispatcher01', orderNo)).state === 'pending_ack');
        await merge(orderNo, primary);
        expect(JSON.stringify(await detail('unit-water', primary))).not.toContain('举报内情');
        expect(JSON.stringify(await trail('unit-water', primary))).not.toContain('saidAgain');
      });

      it('[T5] is not an agent’s, nor a unit’s', async () => {
        const [one, two] = [await accepted({ text: '一' }), await accepted({ text: '二' })];
        for (const who of ['agent001', 'unit-water']) {
          const refused = await by(who).refusedTo('merge', { orderNo: one, expectedVersion: 3, primaryOrderNo: two });
          expect(refused.code).toBe('forbidden');
        }
      });
    });
  }));
