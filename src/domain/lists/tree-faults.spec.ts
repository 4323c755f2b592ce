import fc from 'fast-check';
import { treeFaults } from './tree-faults.js';

const faultsOf = (parents: Record<string, string | null>, mentioned: string[] = [], maxDepth = 5) =>
  Object.fromEntries(treeFaults(new Map(Object.entries(parents)), new Set(mentioned), maxDepth));

describe('treeFaults', () => {
  it('[IN17] finds nothing in a sound tree, however deep within bounds', () => {
    expect(faultsOf({ e: 'd', d: 'c', c: 'b', b: 'a', a: null })).toEqual({});
  });

  it('names parents that are not there, unless they were mentioned', () => {
    expect(faultsOf({ a: 'x', b: 'y' }, ['y'])).toEqual({ a: 'unknown_parent' });
  });

  it('names all rows of a circle and nobody below it', () => {
    expect(faultsOf({ a: 'b', b: 'c', c: 'a', d: 'a', self: 'self' })).toEqual({
      a: 'circle',
      b: 'circle',
      c: 'circle',
      self: 'circle',
    });
  });

  it('names rows that lie too deep', () => {
    expect(faultsOf({ d: 'c', c: 'b', b: 'a', a: null }, [], 2)).toEqual({ c: 'too_deep', d: 'too_deep' });
  });

  it('property: what it lets pass has a root above every row', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const parents = fc.dictionary(ids, fc.option(ids), { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(parents, (drawn) => {
        if (Object.keys(faultsOf(drawn, [], 6)).length > 0) return;
        for (const id of Object.keys(drawn)) {
          let at: string | null = id;
          for (let steps = 0; at !== null; steps++) {
            expect(steps).toBeLessThan(6);
            at = drawn[at] ?? null;
          }
        }
      }),
    );
  });
});
