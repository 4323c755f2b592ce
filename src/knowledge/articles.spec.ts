import type { CommandPayload, HubError, Role } from '@minqing-hub/client-sdk/protocol';
import {
  type KnowledgeKit,
  type KnowledgeNode,
  openKnowledgeKit,
  PLAIN_ARTICLE,
} from '../../test/support/knowledge-kit.js';
import { until } from '../../test/support/until.js';
import type { Actor } from '../identity/actor.js';
import { articleQueryOf, type ArticleQuery } from './article-query.js';

const DAY_MS = 24 * 3_600_000;

describe('articles', () => {
  let kit: KnowledgeKit;
  let node: KnowledgeNode;
  beforeEach(async () => {
    kit = await openKnowledgeKit();
    node = await kit.node();
  });
  afterEach(() => kit.close());

  const user = (role: Role, unitId: string | null) =>
    kit.addUser({ userId: `${role}-${unitId ?? 'city'}`, name: role, roles: [role], unitId });
  const inDays = (days: number) => new Date(kit.clock.now() + days * DAY_MS).toISOString();
  const page = (asked: Partial<ArticleQuery> = {}) =>
    node.reading.page({ question: '', catalogCode: undefined, after: undefined, limit: 20, ...asked });
  const titles = async (asked: Partial<ArticleQuery> = {}) => (await page(asked)).items.map(({ title }) => title);

  async function refusal(actor: Actor, name: 'publishArticle' | 'retireArticle', payload: object): Promise<HubError> {
    const answer = await kit.issue(actor, name, payload);
    if (answer.ok) throw new Error(`${name} was not refused`);
    return answer.error;
  }
  const notPublished = (actor: Actor, more: Partial<CommandPayload<'publishArticle'>>) =>
    refusal(actor, 'publishArticle', { ...PLAIN_ARTICLE, ...more });

  describe('published', () => {
    it('[KB1] keep every version, and show the one that was asked for', async () => {
      const first = await kit.publish({ catalogCodes: ['6-1-2', '6-1-2'] });
      expect(first).toEqual({ articleId: expect.stringMatching(/^kb-[a-z]{16}$/), version: 1 });
      const { articleId } = first;
      kit.clock.advance(1_000);
      const second = await kit.publish({ articleId, expectedVersion: 1, title: '路灯报修', expiresAt: inDays(30) });
      expect(second).toEqual({ articleId, version: 2 });

      expect(await node.reading.article(articleId, undefined)).toEqual({
        articleId,
        version: 2,
        newestVersion: 2,
        retired: false,
        title: '路灯报修',
        text: PLAIN_ARTICLE.text,
        source: '演示',
        ownerUnitId: 'works',
        catalogCodes: [],
        publishedAt: kit.clock.now(),
        expiresAt: kit.clock.now() + 30 * DAY_MS,
        expired: false,
      });
      expect(await node.reading.article(articleId, 1)).toMatchObject({
        version: 1,
        newestVersion: 2,
        title: '路灯不亮',
        catalogCodes: ['6-1-2'],
        expiresAt: null,
      });
      expect(await node.reading.article(articleId, 3)).toBeUndefined();
      expect(await node.reading.article('kb-bbbbbbbbbbbbbbbb', undefined)).toBeUndefined();
    });

    it('[KB1][DG6] are told by number, version, owner, codes and expiry, without a word of what they say', async () => {
      const { articleId } = await kit.publish({ catalogCodes: ['6-1-2'], expiresAt: inDays(1) });
      const { articleId: other } = await kit.publish({ articleId, expectedVersion: 1 });
      await kit.issue(await user('list_admin', null), 'retireArticle', {
        articleId: other,
        expectedVersion: 2,
        reason: '内容有误',
      });
      const events = await kit.events();
      expect(events.map(({ type, version, subject }) => [type, version, subject])).toEqual([
        ['article.published', 1, `article:${articleId}`],
        ['article.published', 2, `article:${articleId}`],
        ['article.retired', 2, `article:${articleId}`],
      ]);
      expect(events[0]!.data).toEqual({
        articleId,
        ownerUnitId: 'works',
        catalogCodes: ['6-1-2'],
        expiresAt: kit.clock.now() + DAY_MS,
      });
      expect(events.map(({ audience }) => Object.keys(audience.rooms))).toEqual(Array(3).fill(['knowledge']));
      const everything = JSON.stringify(events);
      for (const word of [PLAIN_ARTICLE.title, PLAIN_ARTICLE.text, '演示', '内容有误']) {
        expect(everything).not.toContain(word);
      }
    });

    it('[KB2] by the same command again are the same article', async () => {
      const admin = await user('list_admin', null);
      const call = {
        name: 'publishArticle',
        commandId: '6f9619ff-8b86-4d01-8b42-00cf4fc964ff',
        payload: PLAIN_ARTICLE,
      };
      const [one, two] = [await kit.bus.execute(admin, call), await kit.bus.execute(admin, call)];
      expect(one).toEqual(two);
      expect(await kit.count('article')).toBe(1);
    });

    it.each([
      [{ ownerUnitId: 'nowhere' }, 'unit_unknown', 'ownerUnitId'],
      [{ ownerUnitId: 'old' }, 'unit_closed', 'ownerUnitId'],
      [{ catalogCodes: ['6', '9-9'] }, 'catalogue_code_unknown', 'catalogCodes'],
      [{ catalogCodes: ['6-1-9'] }, 'catalogue_code_unknown', 'catalogCodes'],
      [{ expiresAt: '2026-03-02T01:00:00Z' }, 'payload_invalid', 'expiresAt'],
      [{ expiresAt: 'tomorrow' }, 'payload_invalid', 'expiresAt'],
      [{ expectedVersion: 1 }, 'payload_invalid', 'expectedVersion'],
      [{ articleId: 'kb-bbbbbbbbbbbbbbbb' }, 'payload_invalid', 'expectedVersion'],
      [{ articleId: 'kb-bbbbbbbbbbbbbbbb', expectedVersion: 1 }, 'article_not_found', 'articleId'],
      [{ title: ' ' }, 'payload_invalid', 'title'],
      [{ text: '字'.repeat(15_001) }, 'payload_invalid', 'text'],
      [{ source: '' }, 'payload_invalid', 'source'],
    ])('[KB1] with %j are refused: %s', async (more, code, field) => {
      const error = await notPublished(await user('list_admin', null), more);
      expect(error).toMatchObject({ code, field });
      expect(error.message).toMatch(/[\u4e00-\u9fff]/);
      expect(await kit.count('article')).toBe(0);
    });
  });

  describe('kept', () => {
    it('[KB2] by a unit’s people are their own unit’s and those of the units below it', async () => {
      const clerk = await user('unit_clerk', 'works');
      const deputy = await user('deputy_leader', 'works-roads');
      const { articleId } = await kit.publish({ ownerUnitId: 'works-roads' }, clerk);
      expect(await kit.publish({ articleId, expectedVersion: 1, ownerUnitId: 'works-roads' }, deputy)).toEqual({
        articleId,
        version: 2,
      });
      expect((await notPublished(clerk, { ownerUnitId: 'street-a' })).code).toBe('not_own_unit');
      expect((await notPublished(clerk, { ownerUnitId: 'nowhere' })).code).toBe('not_own_unit');
      expect((await notPublished(deputy, { ownerUnitId: 'works' })).code).toBe('not_own_unit');
    });

    it('[KB2] by another unit are neither taken over nor retired', async () => {
      const { articleId } = await kit.publish();
      const street = await user('unit_clerk', 'street-a');
      const taken = { articleId, expectedVersion: 1, ownerUnitId: 'street-a' };
      expect(await notPublished(street, taken)).toMatchObject({
        code: 'not_own_unit',
        field: 'articleId',
        clause: 'KB2',
      });
      const retired = await refusal(street, 'retireArticle', { articleId, expectedVersion: 7, reason: '停用' });
      expect(retired).toMatchObject({ code: 'not_own_unit', field: 'articleId' });
    });

    it('[KB2] by who has no such office are not kept at all', async () => {
      for (const actor of [await user('agent', null), await user('handler', 'works'), await user('supervisor', null)]) {
        expect((await notPublished(actor, {})).code).toBe('forbidden');
        const payload = { articleId: 'kb-bbbbbbbbbbbbbbbb', expectedVersion: 1, reason: '停用' };
        expect((await refusal(actor, 'retireArticle', payload)).code).toBe('forbidden');
      }
    });

    it('[KB2] against another version than the newest are not changed, and one of two wins', async () => {
      const admin = await user('list_admin', null);
      const { articleId } = await kit.publish();
      const next = { ...PLAIN_ARTICLE, articleId, expectedVersion: 1 };
      const answers = await Promise.all([
        kit.issue(admin, 'publishArticle', { ...next, title: '甲' }),
        kit.issue(admin, 'publishArticle', { ...next, title: '乙' }),
        kit.issue(admin, 'retireArticle', { articleId, expectedVersion: 1, reason: '停用' }),
      ]);
      const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
      expect(refused).toEqual(['version_conflict', 'version_conflict']);
      const stands = await kit.readModel.run((tx) => kit.store.find(tx, articleId));
      expect(stands).toEqual({ articleId, version: 2, retired: false });
    });

    it('[KB2] and retired can be read, but are neither found nor published again', async () => {
      const admin = await user('list_admin', null);
      const { articleId } = await kit.publish();
      await until('it to be found', async () => (await titles({ question: '路灯' })).length === 1);
      await kit.issue(admin, 'retireArticle', { articleId, expectedVersion: 1, reason: '停用' });
      expect(await titles({ question: '路灯' })).toEqual([]);
      expect(await titles()).toEqual([]);
      expect(await node.reading.article(articleId, undefined)).toMatchObject({
        retired: true,
        text: PLAIN_ARTICLE.text,
      });
      const again = { articleId, expectedVersion: 1 };
      expect((await notPublished(admin, again)).code).toBe('transition_not_allowed');
      expect((await refusal(admin, 'retireArticle', { ...again, reason: '再停' })).code).toBe('transition_not_allowed');
    });
  });

  describe('found', () => {
    it('[KB1][KB3] tell by the hub’s clock that they have expired, and then come last', async () => {
      await kit.publish({ title: '路灯旧规', expiresAt: inDays(10) });
      kit.clock.advance(1_000);
      await kit.publish({ title: '路灯新规' });
      await until('both to be found', async () => (await titles({ question: '路灯' })).length === 2);
      expect((await page({ question: '路灯' })).items.map(({ expired }) => expired)).toEqual([false, false]);
      kit.clock.advance(10 * DAY_MS);
      const { items } = await page({ question: '路灯' });
      expect(items.map(({ title, expired }) => [title, expired])).toEqual([
        ['路灯新规', false],
        ['路灯旧规', true],
      ]);
      expect(await node.reading.article(items[1]!.articleId, undefined)).toMatchObject({
        expired: true,
        retired: false,
      });
    });

    it('[KB3] come with the passage that fits', async () => {
      await kit.publish({ text: `${'总则。'.repeat(60)}灯杆编号写在灯杆上。${'附则。'.repeat(60)}` });
      await until('it to be found', async () => (await titles()).length === 1);
      const [found] = (await page({ question: '灯杆编号' })).items;
      expect(found!.excerpt).toContain('灯杆编号写在灯杆上');
    });

    it('[KB3] are those of the matter, of what it lies in, and of what lies in it', async () => {
      for (const code of ['6', '6-1', '6-1-1', '6-1-2']) await kit.publish({ title: code, catalogCodes: [code] });
      await kit.publish({ title: '无事项' });
      await until('all to be found', async () => (await titles()).length === 5);
      const of = async (catalogCode: string) => (await titles({ catalogCode })).sort();
      expect(await of('6-1-1')).toEqual(['6', '6-1', '6-1-1']);
      expect(await of('6-1')).toEqual(['6', '6-1', '6-1-1', '6-1-2']);
      expect(await of('7')).toEqual([]);
      expect((await titles({ catalogCode: '6-1-2', question: '路灯' })).sort()).toEqual(['6', '6-1', '6-1-2']);
      await kit.json('catalogue', [{ code: '6-1-1', name: '道路破损' }]);
      expect(await of('6-1-1')).toEqual(['6-1-1']);
    });

    it.each(['', '路灯'])('[KB3] asked for %p are told page by page, each once', async (question) => {
      for (let n = 0; n < 25; n++) {
        kit.clock.advance(n % 3);
        await kit.publish({ title: `第${n}条`, text: `路灯${'修复'.repeat(n % 4)}` });
      }
      await until('all to be found', async () => (await titles({ limit: 50 })).length === 25);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = articleQueryOf({ q: question, limit: '10', ...(cursor && { cursor }) });
        if (!query.ok) throw new Error(query.error.message);
        const { items, next } = await node.reading.page(query.value);
        expect(items.length).toBe(next === null ? 5 : 10);
        seen.push(...items.map(({ articleId }) => articleId));
        cursor = next ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(25);
      const all = (await page({ question, limit: 50 })).items.map(({ articleId }) => articleId);
      expect(seen).toEqual(all);
    });

    it.each([
      [{ cursor: 'x' }, 'cursor'],
      [{ cursor: Buffer.from("1 kb' OR 1").toString('base64url') }, 'cursor'],
      [{ limit: '0' }, 'limit'],
      [{ limit: '51' }, 'limit'],
      [{ q: ['a', 'b'] }, 'q'],
      [{ q: '字'.repeat(201) }, 'q'],
      [{ text: '路灯' }, 'text'],
    ])('[KB3] are not asked for by %j', (asked, field) => {
      expect(articleQueryOf(asked)).toMatchObject({ ok: false, error: { code: 'payload_invalid', field } });
    });
  });

  it('[KB5] cited are known at the version cited, and whether it still held', async () => {
    const cited = (reference: string) => kit.readModel.run((tx) => kit.book.cited(tx, kit.clock.now(), reference));
    const { articleId } = await kit.publish({ expiresAt: inDays(1) });
    expect(await cited(articleId)).toEqual({ articleId, version: 1, expired: false });
    kit.clock.advance(DAY_MS);
    expect(await cited(articleId)).toEqual({ articleId, version: 1, expired: true });
    await kit.publish({ articleId, expectedVersion: 1 });
    expect(await cited(articleId)).toEqual({ articleId, version: 2, expired: false });
    expect(await cited(`${articleId}@1`)).toEqual({ articleId, version: 1, expired: true });
    await kit.issue(await user('list_admin', null), 'retireArticle', { articleId, expectedVersion: 2, reason: '停用' });
    expect(await cited(`${articleId}@2`)).toEqual({ articleId, version: 2, expired: true });
    for (const other of [`${articleId}@3`, 'kb-bbbbbbbbbbbbbbbb', 'K-12']) expect(await cited(other)).toBeNull();
  });
});
