import type { ArticleVersion } from '../domain/knowledge/article.js';
import { ArticleIndex } from './article-index.js';

const NOW = Date.UTC(2026, 10, 21);
const ALL = () => true;

const ARTICLES: Record<string, [title: string, text: string]> = {
  lamp: ['路灯不亮多久修好', '道路上的路灯由城市管理局负责，三日内修复并试亮。'],
  estate: ['小区照明由谁负责', '小区里面的灯由物业服务企业负责，道路两旁的路灯除外。'],
  water: ['停水了怎么办', '突然停水的，供水公司二十四小时内抢修；来水时水发浑的请先放水。'],
  power: ['停电抢修', '停电的，由供电公司抢修。电表箱以内的请找电工。'],
  hotline: ['12345 热线怎样受理', '拨打１２３４５登记诉求，凭查询码询问进展。火情拨打119。'],
  bus: ['公交卡充值与退卡', '公交卡可在营业厅和手机上充值，退卡须带身份证件。'],
  permit: ['办理居住证所需材料', '居住证在居住地派出所办理，材料为身份证件和住所证明。'],
  etc: ['ＥＴＣ 与 WiFi', '高速收费站办理 ETC；车站提供 wifi。'],
};

function article(
  articleId: string,
  [title, text]: [string, string],
  more: Partial<ArticleVersion> = {},
): ArticleVersion {
  const rest = {
    source: '演示',
    ownerUnitId: 'u',
    catalogCodes: [],
    expiresAt: null,
    publishedAt: 1,
    publishedBy: 'x',
  };
  return { articleId, version: 1, title, text, ...rest, ...more };
}

function filled(): ArticleIndex {
  const index = new ArticleIndex();
  for (const [id, words] of Object.entries(ARTICLES)) index.put(article(id, words));
  return index;
}
const found = (question: string, index = filled()) =>
  index.search(question, NOW, ALL).map(({ articleId }) => articleId);

describe('searching the articles', () => {
  it.each([
    ['路灯', ['lamp', 'estate']],
    ['停水', ['water']],
    ['停电', ['power']],
    ['抢修', ['power', 'water']],
    ['充值', ['bus']],
    ['退卡', ['bus']],
    ['居住证', ['permit']],
    ['派出所', ['permit']],
  ])('[KB3] %s finds what is about it, best first', (question, ids) => {
    expect(found(question)).toEqual(ids);
  });

  it.each([
    ['路灯不亮怎么办', 'lamp'],
    ['请问公交卡怎么充值？', 'bus'],
    ['居住证办理需要什么材料', 'permit'],
    ['停水 抢修 多少小时', 'water'],
    ['小区 物业 路灯', 'estate'],
  ])('[KB3] the question %s finds its article first', (question, first) => {
    expect(found(question)[0]).toBe(first);
  });

  it.each([
    ['12345', 'hotline'],
    ['１２３４５', 'hotline'],
    ['123', 'hotline'],
    ['12345热线', 'hotline'],
    ['拨打119', 'hotline'],
    ['etc', 'etc'],
    ['ETC', 'etc'],
    ['ＷＩＦＩ', 'etc'],
    ['高速ETC', 'etc'],
  ])('[KB3] %s finds numbers and letters in whatever width and case', (question, first) => {
    expect(found(question)[0]).toBe(first);
  });

  it('[KB3] one character finds all words that it stands in, wherever', () => {
    expect(found('水').sort()).toEqual(['water']);
    expect(found('灯').sort()).toEqual(['estate', 'lamp']);
    expect(found('卡').sort()).toEqual(['bus']);
  });

  it.each(['直升机', '1234567', '。？！', '灯路', '水停'])('[KB3] %s finds nothing', (question) => {
    expect(found(question)).toEqual([]);
  });

  it('[KB3] a word that only begins like a number finds nothing longer than was typed', () => {
    expect(found('11')).toEqual([]);
    expect(found('119')).toEqual(['hotline']);
  });

  it('[KB3] what has expired comes after what holds, and what does not fit does not come', () => {
    const index = new ArticleIndex();
    const words: [string, string] = ['暖气不热', '暖气不热请报修'];
    index.put(article('a-old', words, { expiresAt: NOW }));
    index.put(article('b-new', words, { expiresAt: NOW + 1, catalogCodes: ['03'] }));
    expect(found('暖气', index)).toEqual(['b-new', 'a-old']);
    expect(index.search('暖气', NOW, ({ catalogCodes }) => catalogCodes.includes('03'))).toHaveLength(1);
  });

  it('[KB3] without a question the newest comes first', () => {
    const index = new ArticleIndex();
    ['x', 'y', 'z'].forEach((id, i) => index.put(article(id, ['标题', '内容'], { publishedAt: i === 0 ? 9 : 5 })));
    expect(index.newest(ALL).map(({ articleId }) => articleId)).toEqual(['x', 'y', 'z']);
  });

  it('[KB6] a next version takes the place of the one before, and what was dropped is gone', () => {
    const index = filled();
    index.put(article('water', ['停气了怎么办', '燃气公司抢修'], { version: 2 }));
    expect(found('停水', index)).toEqual([]);
    expect(found('燃气', index)).toEqual(['water']);
    index.drop('water');
    index.drop('water');
    expect(found('燃气', index)).toEqual([]);
    expect(index.size).toBe(Object.keys(ARTICLES).length - 1);
  });
});
