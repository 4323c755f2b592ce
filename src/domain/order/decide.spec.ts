import {
  agent,
  arbiter,
  Case,
  clerk,
  deputy,
  dispatcher,
  objection,
  person,
  REGISTRATION,
  shiftLeader,
} from '../../../test/support/rule-book.js';

const accept = { name: 'accept', catalogueKnows: true } as const;

describe('what a command is checked for, in this order', () => {
  it('[I6] right before existence, version and state', () => {
    const nothing = new Case();
    const theirs = Case.handled('water');
    const call = { name: 'acknowledge', expectedVersion: 1 } as const;
    expect(theirs.refuses(clerk('housing'), call)).toEqual(nothing.refuses(clerk('housing'), call));
    expect(nothing.refuses(clerk('housing'), call).message).toBe('没有这个工单，或您无权办理');
  });

  it('[I6] whoever reads the order anyway is told that it is not their unit’s', () => {
    const both = { ...clerk('housing'), roles: ['unit_clerk' as const, 'auditor' as const] };
    expect(Case.handled('water').refuses(both, { name: 'addProgress', text: '进展' }).code).toBe('not_own_unit');
  });

  it('then the version', () => {
    const told = Case.dispatched();
    expect(told.refuses(clerk('housing'), { name: 'acknowledge', expectedVersion: 2 })).toMatchObject({
      code: 'version_conflict',
      field: 'expectedVersion',
    });
    expect(told.asks(clerk('housing'), { name: 'acknowledge', expectedVersion: 3 }).ok).toBe(true);
    const merged = told.does(dispatcher, {
      name: 'merge',
      primaryOrderNo: 'GD2',
      primary: { ...told.stands, orderNo: 'GD2' },
    });
    expect(merged.refuses(dispatcher, { name: 'urge', text: '催', expectedVersion: 1 }).code).toBe('version_conflict');
  });

  it('then the state, saying how it stands and what is possible', () => {
    expect(Case.accepted().refuses(dispatcher, { name: 'confirmEscalation' })).toEqual({
      code: 'transition_not_allowed',
      message: '工单现在待分拨，不能确认提级；现在可以：并单、分拨、催办',
    });
    expect(
      Case.registered({ kind: 'consultation' })
        .does(agent, { name: 'answerDirectly', answer: '答', knowledgeRef: 'K' })
        .refuses(agent, accept).message,
    ).toBe('工单现在已直接答复，不能受理；此后不再变动');
  });

  it('[T1] an order is registered once', () => {
    expect(Case.registered().refuses(agent, REGISTRATION).code).toBe('transition_not_allowed');
  });

  it('a role that has no part in it is told so', () => {
    expect(Case.registered().refuses(clerk('housing'), accept).code).toBe('forbidden');
    expect(Case.registered().refuses(person('auditor'), { name: 'urge', text: '催' }).code).toBe('forbidden');
  });
});

describe('what a seat has in hand', () => {
  it('[I4] no other seat works on', () => {
    const waiting = Case.registered();
    expect(waiting.refuses(agent, accept, { holderSeatId: 'agent-002' }).code).toBe('item_held_by_other');
    expect(waiting.asks(agent, accept, { holderSeatId: agent.seatId! }).ok).toBe(true);
    expect(waiting.asks(agent, accept, { holderSeatId: null }).ok).toBe(true);
    const quarrel = Case.objected();
    const overrule = { name: 'overruleObjection', reason: '理由' } as const;
    expect(quarrel.refuses(arbiter, overrule, { holderSeatId: 'arbiter-002' }).code).toBe('item_held_by_other');
  });

  it('[QS5] and so no other works on what it is being offered', () => {
    const waiting = Case.registered();
    expect(waiting.refuses(agent, accept, { offeredSeatId: 'agent-002' }).code).toBe('item_held_by_other');
    expect(waiting.asks(agent, accept, { offeredSeatId: agent.seatId! }).ok).toBe(true);
    const secret = Case.registered({ visibility: 'confidential' });
    const other = person('agent', null, '002');
    expect(secret.refuses(other, accept, { offeredSeatId: other.seatId! }).code).toBe('order_not_found');
  });

  it('[I6] may be a confidential order, which other agents never touch', () => {
    const secret = Case.registered({ visibility: 'confidential' });
    const other = person('agent', null, '002');
    expect(secret.refuses(other, accept).code).toBe('order_not_found');
    expect(secret.asks(other, accept, { holderSeatId: other.seatId! }).ok).toBe(true);
    expect(secret.asks(agent, accept).ok).toBe(true);
  });

  it('does not keep a second person from confirming', () => {
    const proposed = Case.registered().does(agent, {
      name: 'refuse',
      reasonCode: 'out_of_scope',
      alternativeChannel: '12348',
    });
    expect(proposed.asks(shiftLeader, { name: 'confirmRefusal' }, { holderSeatId: agent.seatId! }).ok).toBe(true);
  });
});

describe('a confidential order', () => {
  it('[I6] is acted on by its own unit, not by the units above', () => {
    const secret = Case.accepted({ visibility: 'confidential' }).does(dispatcher, {
      name: 'dispatch',
      unitId: 'housing-repairs',
      suggestion: null,
    });
    expect(secret.refuses(clerk('housing'), { name: 'acknowledge' }).code).toBe('order_not_found');
    expect(secret.asks(clerk('housing-repairs'), { name: 'acknowledge' }).ok).toBe(true);
    expect(secret.asks(deputy('housing-repairs'), objection('water')).ok).toBe(true);
  });
});
