import {
  agent,
  arbiter,
  Case,
  clerk,
  deputy,
  dispatcher,
  objection,
  POLICY,
} from '../../../../test/support/rule-book.js';
import { leadOf } from '../order.js';

const uphold = { name: 'upholdObjection', reason: '理由' } as const;
const to = (unitId: string) => ({ name: 'dispatch', unitId, suggestion: null }) as const;

describe('a unit’s objection', () => {
  it('[T9] is proposed by the clerk and confirmed by the deputy leader', () => {
    const proposed = Case.dispatched('housing').does(clerk('housing'), objection('water'));
    expect(proposed.stands).toMatchObject({ state: 'pending_ack', version: 4, proposal: { awaits: 'objection' } });
    expect(proposed.refuses(clerk('housing'), objection('water')).code).toBe('confirmation_pending');
    const { stands } = proposed.does(deputy('housing'), { name: 'confirmObjection' });
    expect(stands).toMatchObject({ state: 'under_arbitration', version: 5, proposal: null });
    expect(stands.objections).toEqual([
      expect.objectContaining({
        unitId: 'housing',
        proposedUnitId: 'water',
        by: 'unit_clerk-housing',
        outcome: 'open',
      }),
    ]);
  });

  it('[T9] is the deputy leader’s own word without a second one', () => {
    expect(Case.dispatched('housing').does(deputy('housing'), objection('water')).stands.state).toBe(
      'under_arbitration',
    );
  });

  it('[T9] needs nobody’s agreement where the city says so', () => {
    const policy = { ...POLICY, objectionConfirmation: 'none' as const };
    const { stands } = Case.dispatched('housing', { policy }).does(clerk('housing'), objection('water'));
    expect(stands.state).toBe('under_arbitration');
  });

  it('[T9] is dropped when the unit takes the order on after all', () => {
    const taken = Case.dispatched('housing')
      .does(clerk('housing'), objection('water'))
      .does(clerk('housing'), { name: 'acknowledge' });
    expect(taken.stands).toMatchObject({ state: 'handling', proposal: null, objections: [] });
    expect(taken.refuses(deputy('housing'), { name: 'confirmObjection' }).code).toBe('transition_not_allowed');
  });

  it('[T9] is raised once per unit', () => {
    const again = Case.objected('housing').does(arbiter, uphold).does(arbiter, to('housing'));
    expect(again.refuses(deputy('housing'), objection('water')).code).toBe('unit_already_objected');
    expect(again.refuses(clerk('housing'), objection('water')).code).toBe('unit_already_objected');
  });

  it('[T9] has no place in an emergency', () => {
    const rushed = Case.registered()
      .does(agent, { name: 'accept', catalogueKnows: true, route: 'emergency' })
      .does(dispatcher, to('housing'));
    expect(rushed.refuses(deputy('housing'), objection('water'))).toMatchObject({
      code: 'objection_barred',
      clause: 'T9',
    });
  });

  it('[T10] that is upheld sends the order to the desk again, with a new due time', () => {
    const { stands } = Case.objected('housing').does(arbiter, { ...uphold, nextUnitId: 'water' });
    expect(stands).toMatchObject({
      state: 'pending_dispatch',
      dispatchRound: 2,
      needsDispatcher: true,
      suggestedUnitId: 'water',
      firstReceiverUnitId: 'housing',
      objections: [{ unitId: 'housing', outcome: 'upheld' }],
    });
    expect(leadOf(stands)).toBeUndefined();
    expect(stands.dispatchDueAt).toBeGreaterThan(stands.acceptedAt! + POLICY.dispatchLimitMs.normal);
  });

  it('[T10] [T9] is not heard against the unit that the arbiter named', () => {
    const ruled = Case.objected('housing')
      .does(arbiter, { ...uphold, nextUnitId: 'water' })
      .does(dispatcher, to('water'));
    expect(leadOf(ruled.stands)?.mode).toBe('ruling');
    expect(ruled.refuses(deputy('water'), objection('housing')).code).toBe('objection_barred');
    const free = Case.objected('housing').does(arbiter, uphold).does(dispatcher, to('water'));
    expect(free.asks(deputy('water'), objection('street')).ok).toBe(true);
  });

  it('[T11] that is overruled leaves the order where it is, finally', () => {
    const { stands } = Case.objected('housing').does(arbiter, { name: 'overruleObjection', reason: '理由' });
    expect(stands).toMatchObject({ state: 'handling', objectionBarred: true, objections: [{ outcome: 'overruled' }] });
    expect(leadOf(stands)).toMatchObject({ unitId: 'housing', mode: 'manual' });
    expect(leadOf(stands)?.acknowledgedAt).not.toBeNull();
  });
});
