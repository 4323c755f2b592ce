import { inLists } from './in-lists.js';

describe('IN lists', () => {
  it('has two forms of a statement for any number of keys, and asks for each key', () => {
    expect(inLists([])).toEqual([]);
    expect(inLists(['a'])).toEqual([{ marks: '?', params: ['a'] }]);
    const forms = new Set<string>();
    for (let length = 2; length < 70; length++) {
      const keys = Array.from({ length }, (_, n) => `key ${n}`);
      const lists = inLists(keys);
      for (const { marks, params } of lists) {
        forms.add(marks);
        expect(marks.split(', ')).toHaveLength(params.length);
      }
      expect([...new Set(lists.flatMap(({ params }) => params))]).toEqual(keys);
    }
    expect(forms.size).toBe(1);
  });
});
