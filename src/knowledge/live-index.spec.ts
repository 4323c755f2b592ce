import fc from 'fast-check';
import { type KnowledgeKit, openKnowledgeKit, PLAIN_ARTICLE } from '../../test/support/knowledge-kit.js';
import { until } from '../../test/support/until.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';
import type { LiveIndex } from './live-index.js';

const WORDS = ['路灯不亮', '停水抢修', '公交充值', '居住证', '12345热线', 'ETC', '垃圾清运', '水'];
const ALL = () => true;

describe('the index of a node', () => {
  let kit: KnowledgeKit;
  beforeEach(async () => (kit = await openKnowledgeKit()));
  afterEach(() => kit.close());

  /** Everything that a search could tell of it. */
  async function told(live: LiveIndex) {
    const index = (await live.ready())!;
    const now = kit.clock.now();
    return {
      held: index.held,
      newest: index.newest(ALL),
      found: Object.fromEntries(WORDS.map((word) => [word, index.search(word, now, ALL)])),
    };
  }

  it('[KB6] holds what was published before it, while it was built and after', async () => {
    for (let n = 0; n < 60; n++) await kit.publish({ title: `条目 ${n}`, text: WORDS[n % WORDS.length]! });
    const node = await kit.node({ started: false });
    expect(await node.index.ready()).toBeUndefined();
    const started = node.tail.start();
    const meanwhile = Array.from({ length: 10 }, (_, n) => kit.publish({ title: `同时 ${n}` }));
    const { articleId } = (await Promise.all([started, ...meanwhile])).at(-1) as { articleId: string };
    await kit.publish({ title: '其后', articleId, expectedVersion: 1 });
    await until('all articles to be found', async () => (await node.index.ready())?.size === 70);
    await until('the later version', async () => {
      const held = (await node.index.ready())!.held.find((article) => article.articleId === articleId);
      return held?.version === 2;
    });
  });

  it('[KB6] equals a fresh one after whatever was published and retired, on two nodes at once', async () => {
    const node = await kit.node();
    const step = fc.record({
      op: fc.constantFrom('new', 'next', 'next', 'retire'),
      which: fc.nat(99),
      title: fc.constantFrom(...WORDS),
      text: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 }),
      atOnce: fc.boolean(),
    });
    const known: { articleId: string; version: number }[] = [];
    const take = async ({ op, which, title, text }: { op: string; which: number; title: string; text: string[] }) => {
      const article = known[which % known.length];
      const words = { title, text: text.join('。') };
      if (op === 'new' || !article) known.push(await kit.publish(words));
      else if (op === 'retire') {
        await kit.issue(SYSTEM, 'retireArticle', { ...refOf(article), reason: '不再适用' });
      } else {
        const answer = await kit.issue(SYSTEM, 'publishArticle', { ...PLAIN_ARTICLE, ...words, ...refOf(article) });
        if (answer.ok) article.version += 1;
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        let other: Promise<unknown> = Promise.resolve();
        for (const one of steps) {
          kit.clock.advance(1);
          if (one.atOnce) other = Promise.all([other, take(one)]);
          else await take(one);
        }
        await other;
        const fresh = await kit.node();
        const wanted = await told(fresh.index);
        const rows = await kit.readModel.run((tx) =>
          tx.all<{ article_id: string; version: number }>(
            'SELECT article_id, version FROM article WHERE retired_at IS NULL ORDER BY article_id',
          ),
        );
        expect(wanted.held.map(({ articleId, version }) => ({ article_id: articleId, version }))).toEqual(rows);
        let last: unknown;
        await until('the node to hold what a fresh one holds', async () => {
          last = await told(node.index);
          return JSON.stringify(last) === JSON.stringify(wanted);
        }).catch(() => expect(last).toEqual(wanted));
        await fresh.stop();
      }),
      { numRuns: 40 },
    );
    expect(known.length).toBeGreaterThan(10);
  });

  it('[KB6] looks once more at what was told of again while it was being read', async () => {
    let reads = 0;
    let letGo = () => {};
    let held = Promise.resolve();
    class Slow extends ReadModel {
      async run<T>(work: (tx: ReadTx) => Promise<T>): Promise<T> {
        const read = await kit.readModel.run(work);
        reads += 1;
        await held;
        return read;
      }
    }
    const node = await kit.node({ readModel: new Slow() });
    const index = (await node.index.ready())!;
    const readsBefore = reads;
    held = new Promise((resolve) => (letGo = resolve));
    const { articleId } = await kit.publish();
    await until('the first version to have been read', () => reads > readsBefore);
    await kit.publish({ articleId, expectedVersion: 1 });
    await node.tail.reached((await kit.events()).at(-1)!.seq);
    letGo();
    await until('the second version to be held', () => index.held[0]?.version === 2);
  });

  it('[KB6] makes good at the next beat what an outage kept from it', async () => {
    let down = false;
    class Failing extends ReadModel {
      run<T>(work: (tx: ReadTx) => Promise<T>): Promise<T> {
        return down ? Promise.reject(new Error('no database')) : kit.readModel.run(work);
      }
    }
    const node = await kit.node({ readModel: new Failing() });
    expect((await node.index.ready())?.size).toBe(0);
    down = true;
    await kit.publish();
    await node.tail.reached((await kit.events()).at(-1)!.seq);
    expect((await node.index.ready())?.size).toBe(0);
    down = false;
    await until('the article to be found', async () => {
      node.beat();
      return (await node.index.ready())?.size === 1;
    });
  });

  it('[KB6] says that it is not ready as long as it could not read, and then is', async () => {
    let down = true;
    class Failing extends ReadModel {
      run<T>(work: (tx: ReadTx) => Promise<T>): Promise<T> {
        return down ? Promise.reject(new Error('no database')) : kit.readModel.run(work);
      }
    }
    await kit.publish();
    const node = await kit.node({ readModel: new Failing() });
    const search = { question: '', catalogCode: undefined, after: undefined, limit: 10 };
    await expect(node.reading.page(search)).rejects.toMatchObject({ error: { code: 'unavailable' } });
    down = false;
    expect((await node.reading.page(search)).items).toHaveLength(1);
  });
});

const refOf = ({ articleId, version }: { articleId: string; version: number }) => ({
  articleId,
  expectedVersion: version,
});
