import {
  agent,
  arbiter,
  CALENDAR,
  Case,
  CLOCK_POLICY,
  clerk,
  deputy,
  dispatcher,
  handler,
  objection,
  REGISTRATION,
  system,
} from '../../../test/support/rule-book.js';
import { endOf } from '../calendar/day.js';
import type { HandlingStandard } from '../lists/handling-standard.js';
import type { Order } from '../order/order.js';
import { type Deadline, isOpen } from './deadline.js';
import { followOrder } from './follow-order.js';
import { type LimitGrounds, newDeadline } from './order-limits.js';

const HOUR = 3_600_000;

const open = ({ deadlines }: Case) =>
  deadlines
    .filter(isOpen)
    .map(({ clock }) => clock)
    .sort();
const ended = ({ deadlines }: Case) =>
  Object.fromEntries(deadlines.filter((one) => !isOpen(one)).map(({ clock, state }) => [clock, state]));
const given = ({ stands, deadlines, now }: Case): LimitGrounds => ({
  order: stands,
  kept: deadlines,
  now,
  policy: CLOCK_POLICY,
  calendar: CALENDAR,
});
const clockOf = ({ deadlines }: Case, clock: string) => deadlines.findLast((one) => one.clock === clock)!;
const reach = (at: number, outcome: 'reached' | 'no_answer' = 'reached', channel: 'phone' | 'sms' = 'phone') => ({
  name: 'recordContact' as const,
  channel,
  outcome,
  summary: '已联系',
  at,
});

describe('the clocks of an order', () => {
  it('[C0] [C1] run for the centre until it is dispatched', () => {
    const told = Case.registered();
    expect(open(told)).toEqual(['ACCEPT']);
    expect(clockOf(told, 'ACCEPT').dueAt).toBe(told.stands.registeredAt + 2 * HOUR);
    told.does(agent, { name: 'accept', catalogueKnows: true });
    expect(open(told)).toEqual(['DISPATCH']);
    expect(ended(told)).toEqual({ ACCEPT: 'met' });
    expect(clockOf(told, 'DISPATCH').dueAt).toBe(told.stands.dispatchDueAt);
  });

  it('[C0] [C1] [CK11] leave no time for a critical one, and a minute before anybody is told', () => {
    const told = Case.accepted({ responseLevel: 'critical' });
    for (const clock of ['ACCEPT', 'DISPATCH']) {
      expect(clockOf(told, clock)).toMatchObject({ limit: 0, leniencyMs: 60_000, amberAt: null, source: 'level' });
    }
  });

  it('[C2] [C3] [C4u] [C4c] [C5] begin with the dispatch, [C2] and [C3] end with the acknowledgement', () => {
    const told = Case.dispatched('housing');
    expect(open(told)).toEqual(['ACK', 'CONTACT_CITIZEN', 'CONTACT_UNIT', 'HANDLING', 'OBJECTION']);
    told.does(clerk('housing'), { name: 'acknowledge' });
    expect(open(told)).toEqual(['CONTACT_CITIZEN', 'CONTACT_UNIT', 'HANDLING']);
    expect(ended(told)).toMatchObject({ ACK: 'met', OBJECTION: 'stopped', DISPATCH: 'met' });
  });

  it('[C3] [T9] have no window for objections where there can be none', () => {
    const dispatch = { name: 'dispatch', unitId: 'water', suggestion: null } as const;
    expect(open(Case.accepted({ route: 'emergency' }).does(dispatcher, dispatch))).not.toContain('OBJECTION');
    const ruled = Case.dispatched('housing').does(deputy('housing'), objection('water'));
    ruled.does(arbiter, { name: 'upholdObjection', reason: '理由', nextUnitId: 'water' });
    expect(open(ruled.does(dispatcher, dispatch))).not.toContain('OBJECTION');
  });

  it('[C3] [T9] let nobody object when its time is over', () => {
    const told = Case.dispatched('housing', {}).waits(4 * 24 * HOUR);
    expect(
      told.refuses(deputy('housing'), { name: 'object', reasonCode: 'r', basis: 'b', proposedUnitId: 'water' }),
    ).toMatchObject({ code: 'clock_expired', clause: 'C3' });
  });

  it('[C3] [T9] let nobody confirm one when its time is over', () => {
    const told = Case.dispatched('housing').does(clerk('housing'), {
      name: 'object',
      reasonCode: 'r',
      basis: 'b',
      proposedUnitId: 'water',
    });
    told.waits(4 * 24 * HOUR);
    expect(told.refuses(deputy('housing'), { name: 'confirmObjection' })).toMatchObject({ clause: 'C3' });
  });

  it('[C4u] [C4c] [C5] [C9] run on through an objection; another unit has its own contact clock, the requester the same', () => {
    const told = Case.objected('housing');
    expect(open(told)).toEqual(['ARBITRATION', 'CONTACT_CITIZEN', 'CONTACT_UNIT', 'HANDLING']);
    const [own, handling, citizens] = ['CONTACT_UNIT', 'HANDLING', 'CONTACT_CITIZEN'].map((c) => clockOf(told, c));
    told.does(arbiter, { name: 'upholdObjection', nextUnitId: 'water', reason: '理由' });
    expect(open(told)).toEqual(['CONTACT_CITIZEN', 'DISPATCH', 'HANDLING']);
    told.does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    expect(clockOf(told, 'CONTACT_UNIT')).toMatchObject({ unitId: 'water', startedAt: told.now });
    expect(told.deadlines.find(({ clockId }) => clockId === own!.clockId)!.state).toBe('stopped');
    expect(clockOf(told, 'HANDLING')).toMatchObject({ dueAt: handling!.dueAt, startedAt: handling!.startedAt });
    expect(clockOf(told, 'CONTACT_CITIZEN')).toEqual(citizens);
  });

  it('[C4u] does not begin anew when the unit hands it down, who got it stays answerable', () => {
    const told = Case.dispatched('housing');
    const before = clockOf(told, 'CONTACT_UNIT');
    told.does(clerk('housing'), { name: 'redispatchDown', unitId: 'housing-repairs' });
    expect(clockOf(told, 'CONTACT_UNIT')).toEqual(before);
    told.does(clerk('housing-repairs'), reach(told.now + 60_000));
    expect(ended(told)).toMatchObject({ CONTACT_UNIT: 'met', CONTACT_CITIZEN: 'met', ACK: 'met' });
  });

  it('[C4u] [C4c] are met by reaching the requester, not by one attempt', () => {
    const told = Case.handled('housing').does(handler('housing'), reach(0 + Case.handled().now, 'no_answer'));
    expect(open(told)).toContain('CONTACT_UNIT');
    told.does(handler('housing'), reach(told.now));
    expect(ended(told)).toMatchObject({ CONTACT_UNIT: 'met', CONTACT_CITIZEN: 'met' });
  });

  it('[A4] are met, and the order marked, when nobody can be reached', () => {
    const told = Case.handled('housing');
    const tries = (channel: 'phone' | 'sms') => told.does(handler('housing'), reach(told.now, 'no_answer', channel));
    tries('sms');
    tries('phone').waits(2 * HOUR);
    tries('phone').waits(2 * HOUR);
    expect([open(told).includes('CONTACT_UNIT'), told.stands.unreachableAt]).toEqual([true, undefined]);
    tries('phone');
    expect(told.stands.unreachableAt).toBe(told.now);
    expect(ended(told)).toMatchObject({ CONTACT_UNIT: 'met', CONTACT_CITIZEN: 'met' });
  });

  it('[T13] counts as taken on when the clock of acknowledgement has run out, and no sooner', () => {
    const told = Case.dispatched('housing');
    expect(told.refuses(system, { name: 'autoAcknowledge' })).toMatchObject({ clause: 'T13' });
    told.waits(4 * 24 * HOUR).does(system, { name: 'autoAcknowledge' });
    expect(told.stands.state).toBe('handling');
    expect(clockOf(told, 'ACK')).toMatchObject({ state: 'stopped', signal: 'overdue_1wd' });
  });

  it('[T12] [C9] stays with its first receiver when nobody has ruled in time, and no sooner', () => {
    const told = Case.objected('housing');
    const call = {
      name: 'assignFirstReceiver',
      basis: 'first_receiver',
      reason: '裁决超时',
      fallbackUnitId: null,
    } as const;
    expect(told.refuses(system, call)).toMatchObject({ clause: 'T12' });
    told.waits(5 * HOUR).does(system, call, { holderSeatId: 'arbiter-001' });
    expect([told.stands.state, clockOf(told, 'ARBITRATION').state]).toEqual(['handling', 'met']);
  });

  it('[C4u] stay the new unit’s when who had it first speaks with the requester, whose own clock that meets', () => {
    const told = Case.objected('housing').does(arbiter, {
      name: 'upholdObjection',
      nextUnitId: 'water',
      reason: '理由',
    });
    expect(clockOf(told, 'HANDLING').unitId).toBeNull();
    told.does(dispatcher, { name: 'dispatch', unitId: 'water', suggestion: null });
    told.does(handler('housing'), reach(told.now));
    expect(clockOf(told, 'CONTACT_UNIT')).toMatchObject({ unitId: 'water', state: 'running' });
    expect(clockOf(told, 'CONTACT_CITIZEN').state).toBe('met');
  });

  it('[C2] [C3] do not begin anew when a unit hands it down before it has taken it on', () => {
    const told = Case.dispatched('housing');
    const before = clockOf(told, 'ACK');
    told.does(clerk('housing'), { name: 'redispatchDown', unitId: 'housing-repairs' });
    expect(clockOf(told, 'ACK')).toEqual({ ...before, unitId: 'housing-repairs' });
  });

  it('[C4u] of an order of before there were clocks is told as met when it was', () => {
    const told = Case.handled('housing').does(handler('housing'), reach(Case.handled().now));
    const old = { ...told.stands, assignments: told.stands.assignments.map(({ contactMetAt: _, ...one }) => one) };
    const { deadlines } = followOrder({ ...given(told), order: old, kept: [] });
    expect(deadlines.find(({ clock }) => clock === 'CONTACT_UNIT')).toMatchObject({
      state: 'met',
      endedAt: told.stands.contactedAt,
    });
  });

  it('[A2] [PC6] keep the requester’s clock when a city has it begin later from now on', () => {
    const told = Case.registered();
    const policy = { ...CLOCK_POLICY, contact: { ...CLOCK_POLICY.contact, start: 'registered' as const } };
    const { deadlines: kept } = followOrder({ ...given(told), kept: [], policy });
    expect(followOrder({ ...given(told), kept }).changes).toEqual([]);
  });

  it('[A2] count the requester’s wait from the registration where a city wants it so', () => {
    const told = Case.registered();
    const policy = { ...CLOCK_POLICY, contact: { ...CLOCK_POLICY.contact, start: 'registered' as const } };
    const { deadlines } = followOrder({ ...given(told), kept: [], policy });
    expect(deadlines.find(({ clock }) => clock === 'CONTACT_CITIZEN')!.startedAt).toBe(told.stands.registeredAt);
  });

  it('[CK12] have one life: what has ended does not begin again, and asked twice nothing changes', () => {
    const told = Case.handled('housing');
    expect(followOrder(given(told))).toEqual({ deadlines: told.deadlines, changes: [] });
    const over = told.deadlines.map((one) => ({ ...one, state: 'stopped' as const }));
    expect(followOrder({ ...given(told), kept: over }).changes).toEqual([]);
  });
});

describe('the clocks of a result', () => {
  /** Where no command leads yet, the order as it will stand then. */
  const stands = (told: Case, now: number, more: Partial<Order>, kept: readonly Deadline[] = told.deadlines) =>
    followOrder({ ...given(told), kept, now, order: { ...told.stands, ...more } });
  const only = (deadlines: readonly Deadline[], clock: string) => deadlines.findLast((one) => one.clock === clock)!;

  it('[C5] [A12] stand still while it is looked at; what is signed in time counts from its submission', () => {
    const told = Case.handled('housing');
    const submitted = stands(told, told.now + HOUR, { state: 'pending_review' }).deadlines;
    expect(only(submitted, 'HANDLING')).toMatchObject({ state: 'paused', pausedFor: 'review', left: 3 });
    for (const [days, counted] of [
      [3, told.now + HOUR],
      [10, told.now + 10 * 24 * HOUR],
    ] as const) {
      const signed = stands(told, told.now + days * 24 * HOUR, { state: 'pending_evaluation' }, submitted);
      expect(only(signed.deadlines, 'HANDLING')).toMatchObject({
        state: 'met',
        endedAt: counted,
        signal: days === 3 ? null : 'overdue_3wd',
      });
      expect(signed.changes.filter(({ type }) => type === 'deadline.overdue')).toHaveLength(days === 3 ? 0 : 3);
    }
  });

  it('[C10] [C11] leave a week to rate it, and as much to redo it as there was at first, five workdays at most', () => {
    const told = Case.handled('housing');
    const rated = stands(told, told.now, { state: 'pending_evaluation' }).deadlines;
    const week = 7 * 24 * HOUR;
    expect(only(rated, 'EVALUATION')).toMatchObject({ basis: 'wall', limit: week, amberAt: told.now + 0.8 * week });
    const redone = stands(told, told.now, { state: 'handling', reworkRound: 1 }, rated).deadlines;
    expect(only(redone, 'REWORK')).toMatchObject({ basis: 'workday', limit: 3, source: 'route', unitId: 'housing' });
    expect(only(redone, 'EVALUATION').state).toBe('met');
    const long = Case.accepted({ route: 'coordination' }).does(dispatcher, {
      name: 'dispatch',
      unitId: 'housing',
      suggestion: null,
    });
    long.does(handler('housing'), reach(long.now));
    const anew = long.stands.assignments.map(({ contactMetAt: _, ...one }) => one);
    const again = stands(long, long.now, { state: 'handling', reworkRound: 1, assignments: anew }).deadlines;
    expect(only(again, 'REWORK')).toMatchObject({ limit: 5, source: 'policy' });
    expect(only(again, 'CONTACT_UNIT').clockId).toBe('order:GD1:CONTACT_UNIT:2');
  });
});

describe('the limit for the dispatch', () => {
  it('[A3] [HL8] tells the level for its source only where the end of the day comes before the grade’s limit', () => {
    const urgent = clockOf(Case.accepted({ responseLevel: 'expedited', grade: 'urgent' }), 'DISPATCH');
    expect(urgent).toMatchObject({ source: 'policy', limit: HOUR / 2, dueAt: urgent.startedAt + HOUR / 2 });
    const late = new Case().waits(10 * HOUR).does(agent, { ...REGISTRATION, responseLevel: 'expedited' });
    const normal = clockOf(late.does(agent, { name: 'accept', catalogueKnows: true }), 'DISPATCH');
    expect(normal).toMatchObject({ source: 'level', dueAt: endOf('2026-03-02') });
  });
});

describe('the handling limit', () => {
  const STANDARD: HandlingStandard = {
    catalogCode: 'pipes',
    areaCode: null,
    unitId: null,
    procedureType: 'standard',
    limit: 5,
    limitBasis: 'days',
    bandMin: null,
    bandMax: null,
    bindingness: 'mandatory',
    text: null,
    closingRequirements: null,
  };
  const limitOf = (
    facts: Parameters<typeof Case.registered>[0],
    standard?: HandlingStandard,
    policy = CLOCK_POLICY,
  ) => {
    const told = Case.accepted(facts).does(dispatcher, { name: 'dispatch', unitId: 'housing', suggestion: null });
    const { limit, source } = newDeadline(
      { clock: 'HANDLING', nth: 1, unitId: 'housing', pausedFor: null },
      { ...given(told), policy, ...(standard && { standard }) },
    );
    return [source, limit.amount, limit.basis];
  };

  it('[A3] is the item’s before the route’s before the class’s', () => {
    expect(limitOf({}, STANDARD)).toEqual(['standard_mandatory', 5, 'day']);
    expect(limitOf({}, { ...STANDARD, bindingness: 'recommended' })).toEqual(['standard_recommended', 5, 'day']);
    expect(limitOf({ route: 'simple' })).toEqual(['route', 3, 'workday']);
    expect(limitOf({ route: 'coordination' })).toEqual(['class', 20, 'workday']);
    expect(limitOf({ route: 'coordination', kind: 'complaint' })).toEqual(['class', 30, 'workday']);
  });

  it('[A3] is never later than the class allows, whatever the bases', () => {
    expect(limitOf({ route: 'coordination' }, { ...STANDARD, limit: 60 })).toEqual(['class', 20, 'workday']);
    expect(limitOf({}, { ...STANDARD, limit: 30, limitBasis: 'hours' })).toEqual([
      'standard_mandatory',
      30 * HOUR,
      'wall',
    ]);
  });

  it('[A3] is never later than response level and emergency allow', () => {
    expect(limitOf({ route: 'coordination', responseLevel: 'expedited' })).toEqual(['level', 3, 'workday']);
    expect(limitOf({ route: 'emergency' })).toEqual(['level', 24 * HOUR, 'wall']);
    expect(limitOf({ responseLevel: 'critical', route: 'coordination' })).toEqual(['level', 24 * HOUR, 'wall']);
  });

  it('[A1] is two hours for what is fast, where a city wants it so', () => {
    const fast = { basis: 'wall' as const, amount: 2 * HOUR };
    const policy = { ...CLOCK_POLICY, handling: { ...CLOCK_POLICY.handling, fast } };
    expect(limitOf({ grade: 'fast' }, undefined, policy)).toEqual(['level', 2 * HOUR, 'wall']);
    expect(limitOf({ grade: 'normal' }, undefined, policy)).toEqual(['route', 3, 'workday']);
  });

  it('[A6] warns of a simple matter after the day that it should take', () => {
    const told = Case.dispatched('housing');
    expect(clockOf(told, 'HANDLING').amberAt).toBe(endOf('2026-03-03'));
  });

  it('[A6] warns of it so, too, where a city gives the limit in hours', () => {
    const told = Case.dispatched('housing');
    const handling = { ...CLOCK_POLICY.handling, simple: { basis: 'wall' as const, amount: 72 * HOUR } };
    const { deadlines } = followOrder({ ...given(told), kept: [], policy: { ...CLOCK_POLICY, handling } });
    const { startedAt, ...clock } = deadlines.find((one) => one.clock === 'HANDLING')!;
    expect(clock).toMatchObject({ amberAt: endOf('2026-03-03'), dueAt: startedAt + 72 * HOUR });
  });
});
