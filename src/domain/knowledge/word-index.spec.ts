import fc from 'fast-check';
import { WordIndex } from './word-index.js';

const WORDS = ['路灯', '停水', '公交', '12345', 'etc', '水', '的路', '123'];
const everything = (index: WordIndex) =>
  WORDS.flatMap((a) => [a, ...WORDS.map((b) => `${a} ${b}`)]).map((question) => [
    question,
    index.search(question, () => 1).sort((a, b) => (a.id < b.id ? -1 : 1)),
  ]);

describe('the index of words', () => {
  it('[KB6] finds the same, to the last digit, however its texts came into it', () => {
    const text = fc.array(fc.constantFrom(...WORDS, '，', '修复'), { maxLength: 8 }).map((parts) => parts.join(''));
    const step = fc.record({ id: fc.constantFrom(...'abcdefg'), title: text, text, goes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const lived = new WordIndex();
        const stands = new Map<string, [title: string, text: string]>();
        for (const { id, title, text: body, goes } of steps) {
          if (goes) {
            lived.drop(id);
            stands.delete(id);
          } else {
            lived.put(id, title, body);
            stands.set(id, [title, body]);
          }
        }
        const fresh = new WordIndex();
        for (const [id, words] of [...stands].reverse()) fresh.put(id, ...words);
        expect(everything(lived)).toEqual(everything(fresh));
      }),
    );
  });

  it('[KB3] counts a rare word more than a common one, a title more than a text, a short text more than a long one', () => {
    const index = new WordIndex();
    index.put('rare', '告知', '路灯与井盖');
    index.put('common', '告知', '路灯与道路');
    index.put('title', '道路', '请看说明');
    index.put('long', '告知', `道路${'其他事项'.repeat(30)}`);
    const best = (question: string) =>
      index
        .search(question, () => 1)
        .sort((a, b) => b.score - a.score)
        .map(({ id }) => id);
    expect(best('路灯 井盖')[0]).toBe('rare');
    expect(best('道路')).toEqual(['title', 'common', 'long']);
  });

  it('[KB3] leaves out what weighs nothing, and weighs the rest', () => {
    const index = new WordIndex();
    for (const id of ['a', 'b', 'c']) index.put(id, '路灯', '');
    const found = index.search('路灯', (id) => ({ a: 0, b: 1, c: 0.5 })[id]!);
    expect(found.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(found[1]!.score).toBe(found[0]!.score / 2);
  });

  it('[KB3] holds of a term said without end no more than a bound, and forgets it whole', () => {
    const index = new WordIndex();
    index.put('a', '水'.repeat(80), '水'.repeat(1_000));
    index.put('b', '', '水');
    index.drop('a');
    expect(index.search('水', () => 1).map(({ id }) => id)).toEqual(['b']);
  });
});
