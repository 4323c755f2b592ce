import type { DispatchSuggestion } from '@minqing-hub/client-sdk/protocol';
import { Case, dispatcher, LIST_VERSIONS, system } from '../../../test/support/rule-book.js';
import { awaitsAutoDispatch, deferralCause } from './auto-dispatch.js';

const suggestion = (facts: Partial<DispatchSuggestion> = {}): DispatchSuggestion => ({
  unitId: 'water',
  assistUnitIds: ['north'],
  source: 'duty_rule',
  ruleId: 'R7',
  confidence: 0.9,
  listVersions: LIST_VERSIONS,
  legalBasis: '供水条例',
  sentence: '按职责清单由供水单位负责。',
  ...facts,
});

describe('automatic dispatch', () => {
  const { stands } = Case.accepted();

  it('[DI1] goes by a duty rule that is sure enough', () => {
    expect(deferralCause(stands, suggestion(), 0.6)).toBeUndefined();
    expect(deferralCause(stands, suggestion({ confidence: 0.6 }), 0.6)).toBeUndefined();
  });

  it('[DI1] leaves to a dispatcher what is less sure', () => {
    expect(deferralCause(stands, suggestion({ confidence: 0.59 }), 0.6)).toBe('confidence_below_gate');
  });

  it('[LI2] calls a fallback unit, or none, a gap of the duty list', () => {
    expect(deferralCause(stands, suggestion({ source: 'fallback_unit' }), 0.6)).toBe('no_duty_rule');
    expect(deferralCause(stands, undefined, 0.6)).toBe('no_duty_rule');
  });

  it('knows that a matter without a code is no gap of the list', () => {
    expect(deferralCause(Case.accepted({ catalogCode: null }).stands, undefined, 0.6)).toBe('not_classified');
  });

  it('[DI1] is tried once for each acceptance', () => {
    expect(awaitsAutoDispatch(Case.registered().stands)).toBe(false);
    expect(awaitsAutoDispatch(stands)).toBe(true);
    expect(awaitsAutoDispatch(Case.dispatched().stands)).toBe(false);
    const deferred = Case.accepted().does(system, { name: 'deferDispatch', cause: 'no_duty_rule', suggestion: null });
    expect(awaitsAutoDispatch(deferred.stands)).toBe(false);
  });

  it('[DI1] is not done below the gate, whoever in the hub asks for it', () => {
    const call = { name: 'dispatch', unitId: 'water' } as const;
    const refused = (s: DispatchSuggestion | null) => Case.accepted().refuses(system, { ...call, suggestion: s }).code;
    expect(refused(null)).toBe('no_duty_rule');
    expect(refused(suggestion({ confidence: 0.2 }))).toBe('no_duty_rule');
  });

  it('[I8] [LI5] keeps with the assignment what it rests on: rule, list versions, confidence and the sentence', () => {
    const { stands: order } = Case.accepted().does(system, {
      name: 'dispatch',
      unitId: 'water',
      assistUnitIds: ['north'],
      suggestion: suggestion(),
    });
    expect(order.assignments).toEqual([
      expect.objectContaining({ unitId: 'north', role: 'assist', mode: 'auto', decision: null }),
      expect.objectContaining({
        unitId: 'water',
        role: 'lead',
        mode: 'auto',
        decision: suggestion(),
        listVersions: LIST_VERSIONS,
      }),
    ]);
  });

  it('[LI5] keeps the suggestion that a dispatcher followed, and not the one that they did not', () => {
    const byHand = (unitId: string) =>
      Case.accepted().does(dispatcher, { name: 'dispatch', unitId, suggestion: suggestion() }).stands.assignments[0];
    expect(byHand('water')).toMatchObject({ mode: 'manual', decision: { ruleId: 'R7' }, listVersions: LIST_VERSIONS });
    expect(byHand('housing')).toMatchObject({ mode: 'manual', decision: null, listVersions: LIST_VERSIONS });
  });
});
