import type { Call } from '../../../../test/support/rule-book.js';
import {
  agent,
  arbiter,
  Case,
  clerk,
  deputy,
  dispatcher,
  handler,
  person,
} from '../../../../test/support/rule-book.js';
import { leadOf } from '../order.js';

const contact = (at: number, outcome: 'reached' | 'no_answer' = 'reached'): Call => ({
  name: 'recordContact',
  channel: 'phone',
  at,
  outcome,
  summary: '摘要',
});

describe('taking on', () => {
  it('[T8] is the clerk’s of the lead unit, or of one above it', () => {
    for (const unitId of ['housing-repairs', 'housing', 'city']) {
      const { stands } = Case.dispatched('housing-repairs').does(clerk(unitId), { name: 'acknowledge' });
      expect(stands.state).toBe('handling');
      expect(leadOf(stands)?.acknowledgedAt).not.toBeNull();
    }
  });

  it('[T8] is not an assist’s', () => {
    const dual = Case.accepted().does(dispatcher, {
      name: 'dispatch',
      unitId: 'water',
      assistUnitIds: ['north'],
      suggestion: null,
    });
    expect(dual.refuses(clerk('north'), { name: 'acknowledge' }).code).toBe('not_own_unit');
  });
});

describe('contact', () => {
  it('[T14] while the order waits for acknowledgement acknowledges it, in one event', () => {
    for (const [outcome, type] of [
      ['reached', 'order.contacted'],
      ['no_answer', 'order.contact_failed'],
    ] as const) {
      const told = Case.dispatched('housing');
      told.does(handler('housing'), contact(told.now, outcome));
      expect(told.last).toMatchObject({ type, version: 4, facts: { acknowledged: true, unitId: 'housing' } });
      expect(told.stands).toMatchObject({ state: 'handling', version: 4, contactAttempts: 1 });
      expect(leadOf(told.stands)?.acknowledgedAt).toBe(told.now);
    }
  });

  it('[T14] happens when it happened: the first that reached the citizen counts', () => {
    const told = Case.handled('housing');
    const first = told.now;
    told.does(handler('housing'), contact(first, 'no_answer')).does(clerk('housing'), contact(first + 1));
    expect(told.last.at).toBe(first + 1);
    told.does(clerk('housing'), contact(told.now));
    expect(told.stands).toMatchObject({ contactAttempts: 3, contactedAt: first + 1, state: 'handling' });
  });

  it('[T14] lies neither in the future nor before the dispatch to the unit', () => {
    const told = Case.dispatched('housing');
    expect(told.refuses(clerk('housing'), contact(told.now + 2_001))).toMatchObject({
      code: 'time_in_future',
      field: 'at',
    });
    expect(told.refuses(clerk('housing'), contact(told.now - 1)).code).toBe('time_before_dispatch');
    const ahead = told.asks(clerk('housing'), contact(told.now + 2_000));
    expect(ahead).toMatchObject({ ok: true, value: { at: told.now } });
  });

  it('[T14] counts from the dispatch to the unit that is answerable, whoever below it made it', () => {
    const told = Case.handled('housing');
    const before = told.now;
    told.does(clerk('housing'), { name: 'redispatchDown', unitId: 'housing-repairs' });
    expect(told.asks(handler('housing-repairs'), contact(before)).ok).toBe(true);
  });

  it('[OB3] stays the first receiver’s duty until the next unit has acknowledged', () => {
    const moved = Case.objected('housing')
      .does(arbiter, { name: 'upholdObjection', reason: '理由' })
      .does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    const byFirst = moved.asks(clerk('housing'), contact(moved.now));
    expect(byFirst).toMatchObject({ ok: true, value: { facts: { unitId: 'housing', acknowledged: false } } });
    expect(moved.refuses(clerk('housing'), { name: 'acknowledge' }).code).toBe('order_not_found');
    moved.does(clerk('water'), { name: 'acknowledge' });
    expect(moved.refuses(clerk('housing'), contact(moved.now)).code).toBe('order_not_found');
  });

  it('[T14] goes on during the quarrel', () => {
    const quarrel = Case.objected('housing');
    expect(quarrel.does(clerk('housing'), contact(quarrel.now)).stands.state).toBe('under_arbitration');
  });
});

describe('while it is handled', () => {
  it('[T15] progress is counted, and the state stays', () => {
    const told = Case.handled().does(handler('housing'), { name: 'addProgress', text: '已派人', public: true });
    expect(told.stands).toMatchObject({ state: 'handling', progressCount: 1 });
    expect(told.last.facts).toEqual({ public: true });
    expect(Case.dispatched().refuses(clerk('housing'), { name: 'addProgress', text: '进展' }).code).toBe(
      'transition_not_allowed',
    );
  });

  it('[T16] the handler is one of the unit’s own', () => {
    const assign = (who: ReturnType<typeof person> | null): Call => ({
      name: 'assignHandler',
      handlerId: 'h',
      handler: who,
    });
    const held = Case.handled('housing');
    expect(held.refuses(clerk('housing'), assign(null)).code).toBe('user_unknown');
    expect(held.refuses(clerk('housing'), assign(handler('water'))).code).toBe('not_own_unit');
    expect(held.refuses(clerk('housing'), assign(deputy('housing'))).code).toBe('not_own_unit');
    expect(held.does(clerk('housing'), assign(handler('housing-repairs'))).stands.handlerId).toBe('h');
  });

  it('[T36] requester and unit talk, from registration to the end', () => {
    const ask: Call = { name: 'ask', text: '何时办好' };
    const reply: Call = { name: 'reply', text: '明天' };
    expect(Case.registered().does(agent, ask).stands).toMatchObject({ state: 'registered', version: 2 });
    expect(Case.handled().does(agent, ask).does(handler('housing'), reply).stands).toMatchObject({
      state: 'handling',
      version: 6,
    });
    expect(Case.handled().refuses(handler('water'), reply).code).toBe('order_not_found');
  });

  it('[T34] the desk urges and supervisors watch; only the former is a step of the order', () => {
    const urged = Case.handled().does(dispatcher, { name: 'urge', text: '请加快' });
    expect(urged.stands).toMatchObject({ version: 5, supervision: 'urged' });
    const watched = urged.does(person('supervisor'), { name: 'openSupervision', kind: 'special', reason: '专项' });
    expect(watched.stands).toMatchObject({ version: 5, supervision: 'special' });
    expect(watched.does(dispatcher, { name: 'urge', text: '再催' }).stands.supervision).toBe('special');
  });
});
