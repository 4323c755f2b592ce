import fc from 'fast-check';
import type { UnitRow } from '@minqing-hub/client-sdk/protocol';
import { UnitTree } from '../lists/unit-tree.js';
import { ANY, areasToAsk, decideDispatch, type DutyList, type DutyRule } from './decide-dispatch.js';

const unit = (unitId: string, parentId: string | null, more: Partial<UnitRow> = {}): UnitRow => ({
  unitId,
  name: `名${unitId}`,
  type: 'department',
  level: 'district',
  parentId,
  areaCode: null,
  areaType: null,
  active: true,
  ...more,
});

const units = new UnitTree([
  unit('district', null, { name: '示范区', areaCode: 'D' }),
  unit('street', 'district', { name: '东城街道', areaCode: 'S' }),
  unit('community', 'street', { name: '六联社区', areaCode: 'C' }),
  unit('office', 'street', { name: '城管办' }),
  unit('bureau', 'district', { name: '城市管理局' }),
  unit('closed', 'district', { name: '旧单位', active: false }),
]);

const rule = (
  catalogCode: string,
  areaCode: string,
  unitId: string | null,
  more: Partial<DutyRule> = {},
): DutyRule => ({
  ruleId: `${catalogCode}/${areaCode}/${unitId}`,
  catalogCode,
  areaCode,
  unitId,
  assistUnitIds: [],
  legalBasis: null,
  fallbackUnitId: null,
  confidence: null,
  ...more,
});

const list = (...rules: DutyRule[]): DutyList => ({
  rules,
  units,
  versions: { units: 1, catalogue: 1, duties: 3, standards: 0 },
  confidence: { widerMatter: 0.7, passedOver: 0.5, fallbackUnit: 0.1 },
});

const OCCUPYING = { code: '0101', name: '占道经营' };
const STREETS = { code: '01', name: '市容秩序' };
const inCommunity = { matters: [OCCUPYING, STREETS], areaCode: 'C', visitedUnitIds: [] as string[] };

describe('decideDispatch', () => {
  it('[LI2] names the unit of the rule, its law and the list version, in one sentence', () => {
    expect(decideDispatch(inCommunity, list(rule('0101', 'C', 'office', { legalBasis: '市容管理条例' })))).toEqual({
      unitId: 'office',
      assistUnitIds: [],
      source: 'duty_rule',
      ruleId: '0101/C/office',
      confidence: 1,
      listVersions: { units: 1, catalogue: 1, duties: 3, standards: 0 },
      legalBasis: '市容管理条例',
      sentence: '按职责清单第3版：“占道经营”在六联社区由城管办负责（依据：市容管理条例）。',
    });
  });

  it('[DI5] goes straight to an inner office or to a bureau, whatever the level', () => {
    expect(decideDispatch(inCommunity, list(rule('0101', ANY, 'office')))?.unitId).toBe('office');
    expect(decideDispatch(inCommunity, list(rule('0101', ANY, 'bureau')))?.unitId).toBe('bureau');
  });

  it('[LI2] takes the community’s rule before the street’s, the street’s before the district’s, any before none', () => {
    const rules = [
      rule('0101', ANY, 'bureau'),
      rule('0101', 'D', 'district'),
      rule('0101', 'S', 'street'),
      rule('0101', 'C', 'community'),
    ];
    for (const nearest of ['community', 'street', 'district', 'bureau']) {
      expect(decideDispatch(inCommunity, list(...rules))?.unitId).toBe(nearest);
      rules.pop();
    }
    expect(decideDispatch(inCommunity, list())).toBeUndefined();
  });

  it('[LI2] takes a rule for the matter itself anywhere before one for the wider matter here, and trusts the latter less', () => {
    const wider = rule('01', 'C', 'community');
    expect(decideDispatch(inCommunity, list(wider, rule('0101', ANY, 'bureau')))?.unitId).toBe('bureau');
    expect(decideDispatch(inCommunity, list(wider))).toMatchObject({
      unitId: 'community',
      confidence: 0.7,
      sentence: '按职责清单第3版：“占道经营”无专门规定，按上级事项“市容秩序”在六联社区由六联社区负责。',
    });
  });

  it('[DI7] picks the unit that proved itself oftener; without a record each is as likely, the first rule wins', () => {
    const recorded = list(
      rule('0101', 'C', 'office', { confidence: 0.35 }),
      rule('0101', 'C', 'street', { confidence: 0.6 }),
    );
    expect(decideDispatch(inCommunity, recorded)).toMatchObject({ unitId: 'street', confidence: 0.6 });
    const unrecorded = list(rule('0101', 'C', 'street'), rule('0101', 'C', 'office'));
    expect(decideDispatch(inCommunity, unrecorded)).toMatchObject({ unitId: 'office', confidence: 0.5 });
  });

  it('[LI2] dual dispatch: assists come along unless they are closed, had the order, or lead it', () => {
    const dual = rule('0101', 'C', 'office', { assistUnitIds: ['bureau', 'closed', 'street', 'office'] });
    expect(decideDispatch({ ...inCommunity, visitedUnitIds: ['street'] }, list(dual))).toMatchObject({
      assistUnitIds: ['bureau'],
      sentence: '按职责清单第3版：“占道经营”在六联社区由城管办负责，城市管理局协办。',
    });
  });

  it('[IN8] passes over a unit that had the order, and trusts what is left less', () => {
    const rules = list(rule('0101', 'C', 'office'), rule('0101', ANY, 'bureau'));
    expect(decideDispatch({ ...inCommunity, visitedUnitIds: ['office'] }, rules)).toMatchObject({
      unitId: 'bureau',
      confidence: 0.5,
    });
    expect(decideDispatch({ ...inCommunity, visitedUnitIds: ['office', 'bureau'] }, rules)).toBeUndefined();
  });

  it('[LI2] passes over closed and unknown units', () => {
    const rules = list(rule('0101', 'C', 'closed'), rule('0101', 'S', 'nobody'), rule('0101', ANY, 'bureau'));
    expect(decideDispatch(inCommunity, rules)).toMatchObject({ unitId: 'bureau', confidence: 0.5 });
  });

  it('[T12] names a fallback unit when nobody responsible is left, the rule’s own before the area’s', () => {
    const ofArea = rule(ANY, 'S', null, { fallbackUnitId: 'street' });
    const ofRule = rule('0101', 'C', 'closed', { fallbackUnitId: 'community' });
    expect(decideDispatch(inCommunity, list(ofArea, ofRule))).toMatchObject({
      unitId: 'community',
      source: 'fallback_unit',
      confidence: 0.1,
      sentence: '按职责清单第3版：“占道经营”没有可派的责任单位，在六联社区由兜底单位六联社区承接，请人工确认。',
    });
    expect(decideDispatch({ ...inCommunity, matters: [] }, list(ofArea))).toMatchObject({
      unitId: 'street',
      sentence: '按职责清单第3版：未归类事项没有可派的责任单位，在东城街道由兜底单位东城街道承接，请人工确认。',
    });
  });

  it('an order without place is decided by the rules for everywhere', () => {
    const placeless = { ...inCommunity, areaCode: null };
    expect(decideDispatch(placeless, list(rule('0101', 'C', 'community')))).toBeUndefined();
    expect(decideDispatch(placeless, list(rule('0101', ANY, 'bureau')))).toMatchObject({
      sentence: '按职责清单第3版：“占道经营”由城市管理局负责。',
    });
  });

  const someRule = fc.record({
    catalogCode: fc.constantFrom('0101', '01', ANY),
    areaCode: fc.constantFrom('C', 'S', 'D', ANY),
    unitId: fc.constantFrom('community', 'office', 'street', 'bureau', 'closed', 'nobody'),
    assistUnitIds: fc.uniqueArray(fc.constantFrom('community', 'office', 'bureau', 'closed'), { maxLength: 3 }),
    fallbackUnitId: fc.option(fc.constantFrom('district', 'street', 'closed')),
    confidence: fc.option(fc.constantFrom(0.2, 0.5, 0.9)),
  });
  const someRules = fc
    .array(someRule, { maxLength: 12 })
    .map((drafts) =>
      drafts.map(({ catalogCode, areaCode, unitId, ...more }, index) =>
        rule(catalogCode, areaCode, catalogCode === ANY ? null : unitId, { ...more, ruleId: `r${index}` }),
      ),
    );
  const visited: fc.Arbitrary<string[]> = fc.uniqueArray(
    fc.constantFrom('community', 'office', 'street', 'bureau', 'district'),
    {
      maxLength: 5,
    },
  );

  it('[IN8] property: never names a unit that had the order, or is closed or unknown', () => {
    fc.assert(
      fc.property(someRules, visited, (rules, visitedUnitIds) => {
        const found = decideDispatch({ ...inCommunity, visitedUnitIds }, list(...rules));
        for (const unitId of found ? [found.unitId, ...found.assistUnitIds] : []) {
          expect(units.get(unitId)?.active).toBe(true);
          expect(visitedUnitIds).not.toContain(unitId);
        }
      }),
    );
  });

  it('[LI2] property: of a matter’s rules the nearest area’s wins, whatever the order of the list', () => {
    const nearness = areasToAsk('C', units);
    fc.assert(
      fc.property(someRules, visited, (rules, visitedUnitIds) => {
        const found = decideDispatch({ ...inCommunity, visitedUnitIds }, list(...rules));
        expect(decideDispatch({ ...inCommunity, visitedUnitIds }, list(...[...rules].reverse()))).toEqual(found);
        const chosen = rules.find(({ ruleId }) => ruleId === found?.ruleId);
        if (!chosen || found?.source !== 'duty_rule') return;
        const open = rules.filter(
          ({ catalogCode, unitId }) =>
            catalogCode === chosen.catalogCode &&
            unitId !== null &&
            units.get(unitId)?.active &&
            !visitedUnitIds.includes(unitId),
        );
        const nearest = Math.min(...open.map(({ areaCode }) => nearness.indexOf(areaCode)));
        expect(nearness.indexOf(chosen.areaCode)).toBe(nearest);
      }),
    );
  });

  it('[DI7] property: confidence lies in 0 … 1', () => {
    fc.assert(
      fc.property(someRules, visited, (rules, visitedUnitIds) => {
        const confidence = decideDispatch({ ...inCommunity, visitedUnitIds }, list(...rules))?.confidence ?? 0;
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });
});
