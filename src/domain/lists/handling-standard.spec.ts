import { chooseStandard, conflictWithGeneral, type HandlingStandard } from './handling-standard.js';

const standard = (more: Partial<HandlingStandard>): HandlingStandard => ({
  catalogCode: '0101',
  areaCode: null,
  unitId: null,
  procedureType: 'standard',
  limit: 5,
  limitBasis: 'days',
  bandMin: null,
  bandMax: null,
  bindingness: 'local',
  text: null,
  closingRequirements: null,
  ...more,
});

const question = { matterCodes: ['0101', '01'], areaCodes: ['C', 'S'], unitIds: ['office', 'street'] };

describe('handling standards', () => {
  it('[LI3] the unit’s own comes before the nearest area’s, that before the general one', () => {
    const general = standard({});
    const street = standard({ areaCode: 'S' });
    const community = standard({ areaCode: 'C' });
    const upperUnit = standard({ unitId: 'street' });
    const office = standard({ unitId: 'office' });
    const elsewhere = standard({ areaCode: 'X' });
    const all = [elsewhere, general, street, community, upperUnit, office];
    for (const expected of [office, upperUnit, community, street, general]) {
      expect(chooseStandard(question, all)).toBe(expected);
      all.splice(all.indexOf(expected), 1);
    }
    expect(chooseStandard(question, all)).toBeUndefined();
  });

  it('[LI3] a wider matter’s standard holds when the matter has none', () => {
    const wider = standard({ catalogCode: '01', unitId: 'office' });
    expect(chooseStandard(question, [wider])).toBe(wider);
    const own = standard({});
    expect(chooseStandard(question, [wider, own])).toBe(own);
  });

  it('[LI4] a mandatory standard comes before every other', () => {
    const mandatory = standard({ bindingness: 'mandatory' });
    expect(chooseStandard(question, [standard({ unitId: 'office' }), mandatory])).toBe(mandatory);
  });

  it('[LI4] nobody overrides a mandatory standard; of a recommended one the band and the basis bind', () => {
    const band = standard({ bindingness: 'recommended', bandMin: 3, bandMax: 7 });
    const own = (more: Partial<HandlingStandard>) => standard({ areaCode: 'S', ...more });
    expect(conflictWithGeneral(own({}), standard({ bindingness: 'mandatory' }))).toContain('强制');
    expect(conflictWithGeneral(own({ limit: 7 }), band)).toBeUndefined();
    expect(conflictWithGeneral(own({ limit: 8 }), band)).toContain('区间');
    expect(conflictWithGeneral(own({ limit: 2 }), band)).toContain('区间');
    expect(conflictWithGeneral(own({ limitBasis: 'workdays' }), band)).toContain('时限单位');
    expect(conflictWithGeneral(own({ limit: 99 }), standard({}))).toBeUndefined();
  });
});
