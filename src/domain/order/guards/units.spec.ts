import { arbiter, Case, clerk, deputy, dispatcher, objection } from '../../../../test/support/rule-book.js';
import { leadOf } from '../order.js';

const to = (unitId: string, assistUnitIds: string[] = []) =>
  ({ name: 'dispatch', unitId, assistUnitIds, suggestion: null }) as const;
const uphold = { name: 'upholdObjection', reason: '理由' } as const;

describe('dispatching', () => {
  it('[T6] [DI5] reaches a unit of any level directly', () => {
    for (const unitId of ['water', 'housing-repairs', 'north', 'city']) {
      const { stands } = Case.accepted().does(dispatcher, to(unitId));
      expect(stands).toMatchObject({
        state: 'pending_ack',
        firstReceiverUnitId: unitId,
        visitedUnitIds: [unitId],
        hops: 0,
      });
    }
  });

  it('[T6] needs units that exist and are open', () => {
    const refuses = (...call: Parameters<typeof to>) => Case.accepted().refuses(dispatcher, to(...call));
    expect(refuses('nowhere')).toMatchObject({ code: 'unit_unknown', field: 'unitId' });
    expect(refuses('abolished')).toMatchObject({ code: 'unit_closed', field: 'unitId' });
    expect(refuses('water', ['north', 'abolished'])).toMatchObject({ code: 'unit_closed', field: 'assistUnitIds.1' });
  });

  it('[T6] names each unit once', () => {
    const refuses = (...call: Parameters<typeof to>) => Case.accepted().refuses(dispatcher, to(...call));
    expect(refuses('water', ['water'])).toMatchObject({ code: 'same_unit', field: 'assistUnitIds.0' });
    expect(refuses('water', ['north', 'north'])).toMatchObject({ code: 'same_unit', field: 'assistUnitIds.1' });
  });

  it('[IN8] sends it back to a unit that had it only by an arbiter', () => {
    const again = Case.objected('housing').does(arbiter, uphold);
    expect(again.refuses(dispatcher, to('housing'))).toMatchObject({ code: 'loop_guard', clause: 'IN8' });
    expect(again.asks(arbiter, to('housing')).ok).toBe(true);
    expect(again.does(dispatcher, to('water')).stands).toMatchObject({ visitedUnitIds: ['housing', 'water'], hops: 1 });
  });

  it('[OB4] counts how often the order went to another unit', () => {
    const { stands } = Case.objected('housing')
      .does(arbiter, { ...uphold, nextUnitId: 'water' })
      .does(dispatcher, to('water'))
      .does(clerk('water'), { name: 'acknowledge' });
    expect(stands).toMatchObject({ hops: 1, dispatchRound: 2, firstReceiverUnitId: 'housing' });
  });
});

describe('handing down', () => {
  const down = (unitId: string) => ({ name: 'redispatchDown', unitId }) as const;

  it('[T35] goes to a sub-unit, keeps state and round, and leaves the upper unit answerable', () => {
    const before = Case.handled('housing');
    const { stands } = before.does(clerk('housing'), down('housing-repairs'));
    expect(stands).toMatchObject({ state: 'handling', dispatchRound: 1, hops: 1 });
    expect(leadOf(stands)).toMatchObject({ unitId: 'housing-repairs', mode: 'down' });
    expect(before.asks(clerk('housing'), { name: 'addProgress', text: '进展' }).ok).toBe(true);
    expect(before.asks(clerk('housing-repairs'), { name: 'addProgress', text: '进展' }).ok).toBe(true);
  });

  it('[T35] waits for the sub-unit to acknowledge what the upper unit had not', () => {
    const { stands } = Case.dispatched('housing').does(clerk('housing'), down('housing-leases'));
    expect(stands.state).toBe('pending_ack');
    expect(leadOf(stands)?.acknowledgedAt).toBeNull();
  });

  it('[T35] goes nowhere else', () => {
    const held = Case.handled('housing');
    expect(held.refuses(clerk('housing'), down('water')).code).toBe('not_own_sub_unit');
    expect(held.refuses(clerk('housing'), down('city')).code).toBe('not_own_sub_unit');
    expect(held.refuses(clerk('housing'), down('housing')).code).toBe('same_unit');
    expect(held.refuses(clerk('city'), down('water')).code).toBe('not_own_sub_unit');
  });

  it('[T35] [IN8] does not go back and forth between sub-units', () => {
    const upper = clerk('housing');
    const moved = Case.handled('housing').does(upper, down('housing-repairs')).does(upper, down('housing-leases'));
    expect(moved.refuses(upper, down('housing-repairs')).code).toBe('loop_guard');
  });
});

describe('going up', () => {
  const up = (toUnitId: string) => ({ name: 'escalateLevel', toUnitId, reason: '超出能力' }) as const;
  const confirm = { name: 'confirmEscalation' } as const;

  it('[T33] is proposed by the unit and carried out by the desk', () => {
    const proposed = Case.handled('north').does(clerk('north'), up('street'));
    expect(leadOf(proposed.stands)?.unitId).toBe('north');
    const { stands } = proposed.does(dispatcher, confirm);
    expect(stands).toMatchObject({ state: 'handling', proposal: null, visitedUnitIds: ['north', 'street'] });
    expect(leadOf(stands)).toMatchObject({ unitId: 'street', mode: 'escalated' });
  });

  it('[T33] means a unit above', () => {
    const held = Case.handled('north');
    expect(held.refuses(clerk('north'), up('south')).code).toBe('not_upper_unit');
    expect(held.refuses(clerk('north'), up('north')).code).toBe('not_upper_unit');
    expect(held.refuses(clerk('north'), up('abolished')).code).toBe('unit_closed');
  });

  it('[T33] needs a proposal, and another person than who proposed', () => {
    expect(Case.handled('north').refuses(dispatcher, confirm).code).toBe('nothing_to_confirm');
    const both = { ...clerk('north'), roles: ['unit_clerk' as const, 'dispatcher' as const] };
    const proposed = Case.handled('north').does(both, up('street'));
    expect(proposed.refuses(both, confirm).code).toBe('second_person_required');
    expect(proposed.refuses(clerk('north'), up('city')).code).toBe('confirmation_pending');
  });
});

describe('naming a unit in a ruling', () => {
  it('[T9] proposes another unit that is open', () => {
    const told = Case.dispatched('housing');
    expect(told.refuses(deputy('housing'), objection('nowhere')).code).toBe('unit_unknown');
    expect(told.refuses(deputy('housing'), objection('abolished')).code).toBe('unit_closed');
    expect(told.refuses(deputy('housing'), objection('housing')).code).toBe('same_unit');
  });

  it('[T10] names the next unit, or none', () => {
    const quarrel = Case.objected('housing');
    expect(quarrel.refuses(arbiter, { ...uphold, nextUnitId: 'housing' }).code).toBe('same_unit');
    expect(quarrel.refuses(arbiter, { ...uphold, nextUnitId: 'abolished' }).code).toBe('unit_closed');
    expect(quarrel.asks(arbiter, uphold).ok).toBe(true);
    expect(quarrel.does(arbiter, { ...uphold, nextUnitId: 'water' }).stands.suggestedUnitId).toBe('water');
  });

  it('[T12] lets the first receiver lead, or the fallback unit', () => {
    const rule = { name: 'assignFirstReceiver', reason: '理由' } as const;
    const quarrel = () =>
      Case.objected('housing')
        .does(arbiter, uphold)
        .does(dispatcher, to('water'))
        .does(deputy('water'), objection('housing'));
    const first = quarrel().does(arbiter, { ...rule, basis: 'first_receiver', fallbackUnitId: null }).stands;
    expect(first.state).toBe('handling');
    expect(leadOf(first)).toMatchObject({ unitId: 'housing', mode: 'ruling' });
    expect(leadOf(first)?.acknowledgedAt).not.toBeNull();
    const fallback = quarrel().does(arbiter, { ...rule, basis: 'fallback', fallbackUnitId: 'street' }).stands;
    expect(leadOf(fallback)?.unitId).toBe('street');
    expect(quarrel().refuses(arbiter, { ...rule, basis: 'fallback', fallbackUnitId: null }).code).toBe('no_duty_rule');
  });
});
