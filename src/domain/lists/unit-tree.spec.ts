import fc from 'fast-check';
import type { UnitRow } from '@minqing-hub/client-sdk/protocol';
import { UnitTree } from './unit-tree.js';

const unit = (unitId: string, parentId: string | null, areaCode: string | null, active = true): UnitRow => ({
  unitId,
  name: unitId,
  type: 't',
  level: 'l',
  parentId,
  areaCode,
  areaType: null,
  active,
});

describe('UnitTree', () => {
  it('[IN18] three levels of a district', () => {
    const tree = new UnitTree([unit('D', null, 'd'), unit('S', 'D', 's'), unit('V', 'S', 'v')]);
    expect(tree.areaAndWider('v')).toEqual(['v', 's', 'd']);
    expect(tree.isWithin('V', 'D')).toBe(true);
    expect(tree.isWithin('D', 'V')).toBe(false);
  });

  it('[IN17] five levels of a city, with units that answer for no area in between', () => {
    const tree = new UnitTree([
      unit('city', null, 'c'),
      unit('district', 'city', 'd'),
      unit('office', 'district', null),
      unit('community', 'office', 'k'),
      unit('grid', 'community', 'g'),
    ]);
    expect(tree.ancestors('grid').map(({ unitId }) => unitId)).toEqual(['community', 'office', 'district', 'city']);
    expect(tree.areaAndWider('g')).toEqual(['g', 'k', 'd', 'c']);
  });

  it('the unit that works today answers for an area, not the closed one before it', () => {
    for (const rows of [
      [unit('old', null, 'a', false), unit('new', null, 'a')],
      [unit('new', null, 'a'), unit('old', null, 'a', false)],
    ]) {
      expect(new UnitTree(rows).ofArea('a')?.unitId).toBe('new');
    }
  });

  it('an unknown area is only itself; an unknown unit has no ancestors', () => {
    const tree = new UnitTree([]);
    expect(tree.areaAndWider('x')).toEqual(['x']);
    expect(tree.ancestors('x')).toEqual([]);
  });

  it('[IN17] property: in a tree of any shape ancestors end at a root and each holds the unit within', () => {
    const parents = fc.array(fc.nat(), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(parents, (picks) => {
        const rows = picks.map((pick, index) =>
          unit(`u${index}`, index === 0 ? null : `u${pick % index}`, `a${index}`),
        );
        const tree = new UnitTree(rows);
        for (const { unitId, areaCode } of rows) {
          const chain = tree.ancestors(unitId);
          expect(chain.at(-1)?.unitId ?? unitId).toBe('u0');
          for (const upper of chain) expect(tree.isWithin(unitId, upper.unitId)).toBe(true);
          expect(tree.areaAndWider(areaCode!)).toEqual([areaCode, ...chain.map((upper) => upper.areaCode)]);
        }
      }),
    );
  });
});
