import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgreementCount } from './agreement.js';
import { DutyLearner, type Lesson } from './duty-learner.js';

const lesson = (unitId: string | null, areas = ['A1'], catalogCode: string | undefined = 'M1'): Lesson => ({
  catalogCode,
  areas,
  unitId,
});
const learnt = (lessons: Lesson[]) => {
  const learner = new DutyLearner('town', { minSupport: 3, minShare: 0.6 });
  lessons.forEach((one) => learner.learn(one));
  return learner.rules();
};

describe('DutyLearner', () => {
  it('names the unit that most earlier rows of a matter and area named, with its share', () => {
    const rules = learnt([lesson('U1'), lesson('U2'), lesson('U1'), lesson('U1'), lesson(null), lesson('U1', [])]);
    expect(rules).toEqual([
      {
        ruleId: 'learnt/town/M1/A1',
        catalogCode: 'M1',
        areaCode: 'A1',
        unitId: 'U1',
        legalBasis: expect.stringContaining('4件中3件') as unknown as string,
        confidence: 0.75,
      },
    ]);
  });

  it('says nothing on thin or divided evidence, or about a row without a matter', () => {
    expect(learnt([lesson('U1'), lesson('U1')])).toEqual([]);
    expect(learnt([...Array(3).fill(lesson('U1')), ...Array(3).fill(lesson('U2'))] as Lesson[])).toEqual([]);
    expect(learnt(Array(5).fill({ catalogCode: undefined, areas: ['A1'], unitId: 'U1' }) as Lesson[])).toEqual([]);
  });

  it('learns for each of the areas of a row', () => {
    const rules = learnt([lesson('U1', ['A1', 'S']), lesson('U1', ['A2', 'S']), lesson('U1', ['A3', 'S'])]);
    expect(rules.map(({ areaCode }) => areaCode)).toEqual(['S']);
  });

  it('makes the same list of the same rows in any order', () => {
    const lessons = fc.array(
      fc.record({
        catalogCode: fc.constantFrom('M1', 'M2'),
        areas: fc.subarray(['A1', 'A2']),
        unitId: fc.constantFrom('U1', 'U2', null),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lessons, (rows) => {
        expect(learnt([...rows].reverse())).toEqual(learnt(rows));
      }),
    );
  });

  it('knows its own rules of an earlier run', () => {
    const learner = new DutyLearner('town', { minSupport: 1, minShare: 0.5 });
    expect([learner.made({ ruleId: 'learnt/town/M1/A1' }), learner.made({ ruleId: 'M1/A1/U1' })]).toEqual([
      true,
      false,
    ]);
  });
});

describe('AgreementCount', () => {
  const auto = (unitId: string, dutiesVersion: number | undefined) => ({ unitId, dutiesVersion });

  it('compares only rows that are later than all that their rule was learnt from, and that name a unit', () => {
    const count = new AgreementCount();
    count.taught(2, 1000);
    count.taught(3, 2000);
    const agreement = count.of([
      { row: { index: 1500, unitId: 'U1' }, auto: auto('U1', 2) },
      { row: { index: 2500, unitId: 'U1' }, auto: auto('U2', 3) },
      { row: { index: 2500, unitId: 'U1' }, auto: auto('U1', 2) },
      // Its own row was learnt from.
      { row: { index: 1999, unitId: 'U1' }, auto: auto('U1', 3) },
      { row: { index: 2500, unitId: null }, auto: auto('U1', 3) },
      // Somebody else's list.
      { row: { index: 2500, unitId: 'U1' }, auto: auto('U1', 1) },
      { row: { index: 2500, unitId: 'U1' }, auto: auto('U1', undefined) },
    ]);
    expect(agreement).toEqual({ compared: 3, agreed: 2, rate: 0.6667 });
    expect(new AgreementCount().of([])).toEqual({ compared: 0, agreed: 0, rate: null });
  });
});
