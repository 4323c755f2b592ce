import {
  agent,
  type Call,
  Case,
  clerk,
  deputy,
  dispatcher,
  objection,
  person,
  shiftLeader,
} from '../../../../test/support/rule-book.js';

const refuse = { name: 'refuse', reasonCode: 'out_of_scope', alternativeChannel: '12348' } as const;
const escalate = { name: 'escalateLevel', toUnitId: 'street', reason: '超出能力' } as const;
const decline: Call = { name: 'declineProposal', reason: '理由不足' };

const refusal = () => Case.registered().does(agent, refuse);
const unitObjects = () => Case.dispatched('housing').does(clerk('housing'), objection('water'));
const unitGivesUp = () => Case.handled('north').does(clerk('north'), escalate);

describe('saying no to what was proposed', () => {
  it.each([
    ['[T3] a refusal, by a shift leader', refusal(), shiftLeader, 'refusal', 'registered'],
    ['[T9] an objection, by the unit’s deputy leader', unitObjects(), deputy('housing'), 'objection', 'pending_ack'],
    ['[T33] an escalation, by a dispatcher', unitGivesUp(), dispatcher, 'escalation', 'handling'],
  ] as const)('%s, takes it away and leaves the order where it is', (_title, proposed, second, what, state) => {
    const { version, proposal } = proposed.stands;
    const { stands, last } = proposed.does(second, decline);
    expect(stands).toMatchObject({ state, proposal: null, version: version + 1, objections: [] });
    expect(last).toMatchObject({ type: 'order.proposal_declined', facts: { what, proposedBy: proposal!.by } });
    expect(proposed.refuses(second, decline).code).toBe('nothing_to_confirm');
  });

  it('[T3] [T9] [T33] leaves the way open to propose it again, or to go on', () => {
    expect(refusal().does(shiftLeader, decline).asks(agent, refuse).ok).toBe(true);
    const unit = unitObjects().does(deputy('housing'), decline);
    expect(unit.asks(clerk('housing'), objection('water')).ok).toBe(true);
    expect(unit.asks(clerk('housing'), { name: 'acknowledge' }).ok).toBe(true);
    expect(unitGivesUp().does(dispatcher, decline).asks(clerk('north'), escalate).ok).toBe(true);
  });

  it('[T3] [T9] [T33] is for who could confirm it, and not for who proposed it', () => {
    const own = Case.registered().does(shiftLeader, refuse);
    expect(own.refuses(shiftLeader, decline)).toMatchObject({ code: 'second_person_required', clause: 'T3' });
    expect(own.asks(person('shift_leader', null, '002'), decline).ok).toBe(true);
    expect(refusal().refuses(agent, decline).code).toBe('forbidden');
    expect(unitObjects().refuses(clerk('housing'), decline).code).toBe('forbidden');
    expect(unitObjects().refuses(deputy('water'), decline).code).toBe('order_not_found');
    expect(unitObjects().refuses(dispatcher, decline)).toMatchObject({ code: 'nothing_to_confirm', clause: 'T33' });
    expect(unitGivesUp().refuses(deputy('north'), decline).code).toBe('transition_not_allowed');
  });

  it('[T9] [T33] means what was proposed, where somebody could say no to either', () => {
    const both = { ...deputy('north'), roles: ['deputy_leader' as const, 'dispatcher' as const] };
    const dispatched = () => Case.dispatched('north');
    expect(dispatched().does(clerk('north'), escalate).does(both, decline).last).toMatchObject({
      facts: { what: 'escalation' },
    });
    expect(dispatched().does(clerk('north'), objection('water')).does(both, decline).last).toMatchObject({
      facts: { what: 'objection' },
    });
  });

  it('[T33] [I4] is for the dispatcher who has the order in hand', () => {
    const proposed = unitGivesUp();
    expect(proposed.refuses(dispatcher, decline, { holderSeatId: 'dispatcher-002' }).code).toBe('item_held_by_other');
    expect(proposed.asks(dispatcher, decline, { holderSeatId: dispatcher.seatId! }).ok).toBe(true);
  });
});
