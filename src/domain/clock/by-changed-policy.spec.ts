import type { ClockName } from '@minqing-hub/client-sdk/protocol';
import * as fc from 'fast-check';
import { CALENDAR, Case, CLOCK_POLICY, clerk, dispatcher } from '../../../test/support/rule-book.js';
import { POLICY_KEYS } from '../../config/policy-keys.js';
import { endOf } from '../calendar/day.js';
import { byChangedPolicy } from './by-changed-policy.js';
import type { ClockPolicy } from './clock-policy.js';
import { type Deadline, isOpen } from './deadline.js';
import { dueAfter, type Limit } from './due-after.js';

const HOUR = 3_600_000;
const workdays = (amount: number): Limit => ({ basis: 'workday', amount });
const clockOf = ({ deadlines }: Case, clock: ClockName) => deadlines.findLast((one) => one.clock === clock)!;
const handling = (more: Partial<ClockPolicy['handling']>): Partial<ClockPolicy> => ({
  handling: { ...CLOCK_POLICY.handling, ...more },
});
const resolution = (limit: Limit) => ({ byKind: { ...CLOCK_POLICY.handling.byKind, resolution: limit } });

/** The clock after a change of `key`, the policy being as `more` has it by then. */
function changed(told: Case, deadline: Deadline, key: string, more: Partial<ClockPolicy>): Deadline | undefined {
  const policy = { ...CLOCK_POLICY, version: 2, ...more };
  const order = { ...told.stands, dispatchDueAt: null };
  const grounds = { order, kept: told.deadlines, now: deadline.startedAt, policy, calendar: CALENDAR };
  return byChangedPolicy(deadline, key, grounds, told.now);
}

describe('a running clock after a change of policy that counts for it', () => {
  it('[PC6] moves by the policy that its limit comes from, not by what was set otherwise before', () => {
    const told = Case.dispatched('housing');
    const clock = clockOf(told, 'HANDLING');
    expect(clock).toMatchObject({ source: 'route', limit: 3, policyKey: 'handling.limit.simple' });
    const shorter = handling({ simple: workdays(1) });
    for (const key of ['accept.limit.other', 'handling.limit.resolution', 'offer.seconds']) {
      expect(changed(told, clock, key, shorter)).toBeUndefined();
    }
    const dueAt = dueAfter(clock.startedAt, workdays(1), CALENDAR).at;
    expect(changed(told, clock, 'handling.limit.simple', shorter)).toMatchObject({ limit: 1, dueAt, policyVersion: 2 });
  });

  it('[PC6] [A3] moves by a policy that caps it now, and is told as capped by it', () => {
    const told = Case.dispatched('housing');
    const clock = clockOf(told, 'HANDLING');
    const capped = changed(told, clock, 'handling.limit.resolution', handling(resolution(workdays(2))));
    expect(capped).toMatchObject({ limit: 2, source: 'class', policyKey: 'handling.limit.resolution' });
    const looser = handling({ ...resolution(workdays(4)), simple: workdays(1) });
    expect(changed(told, capped!, 'handling.limit.resolution', looser)).toMatchObject({ limit: 4, source: 'class' });
    expect(changed(told, capped!, 'handling.limit.resolution', handling(resolution(workdays(4))))).toMatchObject({
      limit: 3,
      source: 'route',
    });
  });

  it('[PC6] is never longer than a cap that it keeps', () => {
    const told = Case.accepted({ route: 'emergency' });
    told.does(dispatcher, { name: 'dispatch', unitId: 'housing', suggestion: null });
    const clock = clockOf(told, 'HANDLING');
    expect(clock).toMatchObject({ source: 'level', policyKey: 'handling.limit.emergency' });
    const looser = handling({ emergency: workdays(10), ...resolution(workdays(4)) });
    expect(changed(told, clock, 'handling.limit.resolution', looser)).toBeUndefined();
  });

  it('[A1] [PC6] begins or ceases to be capped with what is fast, when a city turns that on or off', () => {
    const told = Case.accepted({ grade: 'fast' });
    told.does(dispatcher, { name: 'dispatch', unitId: 'housing', suggestion: null });
    const fast: Limit = { basis: 'wall', amount: 2 * HOUR };
    const clock = clockOf(told, 'HANDLING');
    const on = changed(told, clock, 'dispatch.fast.includesHandling', handling({ fast }))!;
    expect(on).toMatchObject({ limit: 2 * HOUR, source: 'level', dueAt: clock.startedAt + 2 * HOUR });
    expect(changed(told, on, 'dispatch.fast.includesHandling', {})).toMatchObject({ limit: 3, source: 'route' });
  });

  it('[PC6] tells by its source where its limit comes from, if it started before that was kept', () => {
    const told = Case.dispatched('housing');
    const { policyKey: _unknown, ...clock } = clockOf(told, 'HANDLING');
    const shorter = handling({ simple: workdays(1), ...resolution(workdays(15)) });
    expect(changed(told, clock, 'handling.limit.resolution', shorter)).toBeUndefined();
    expect(changed(told, clock, 'handling.limit.simple', shorter)).toMatchObject({ limit: 1 });
  });

  it('[C1] [PC6] counts the time for the dispatch from where it began', () => {
    const told = Case.accepted();
    const clock = clockOf(told, 'DISPATCH');
    told.waits(HOUR);
    const dispatchMs = { ...CLOCK_POLICY.dispatchMs, normal: 12 * HOUR };
    expect(changed(told, clock, 'dispatch.limit.urgent', { dispatchMs })).toBeUndefined();
    expect(changed(told, clock, 'dispatch.limit.normal', { dispatchMs })).toMatchObject({
      limit: 12 * HOUR,
      dueAt: clock.startedAt + 12 * HOUR,
    });
  });

  it('[CK10] [A6] [PC6] warns as is set now, if it has not yet, and is due as it was', () => {
    const told = Case.dispatched('housing');
    const [contact, work] = [clockOf(told, 'CONTACT_UNIT'), clockOf(told, 'HANDLING')];
    const amber = { share: 0.5, leastMs: 0 };
    const warned = changed(told, contact, 'clock.amber.share', { amber })!;
    expect(warned).toEqual({ ...contact, amberAt: contact.dueAt - 12 * HOUR, warnMs: 12 * HOUR });
    expect(changed(told, { ...contact, signal: 'amber' }, 'clock.amber.share', { amber })).toBeUndefined();
    expect(changed(told, contact, 'handling.target.simple', handling({ simpleTarget: workdays(2) }))).toBeUndefined();
    expect(changed(told, work, 'handling.target.simple', handling({ simpleTarget: workdays(2) }))).toMatchObject({
      amberAt: endOf('2026-03-04'),
      dueAt: work.dueAt,
    });
  });

  it('[CK10] [PC6] is told late again as is set now, also where it has warned, and not where it is late', () => {
    const told = Case.dispatched('housing');
    const contact = clockOf(told, 'CONTACT_UNIT');
    const repeats = [2, 5] as const;
    expect(contact.repeats).toEqual([1, 3]);
    for (const signal of [null, 'amber'] as const) {
      const said = { ...contact, signal };
      expect(changed(told, said, 'clock.overdue.firstWorkdays', { repeats })).toEqual({ ...said, repeats });
    }
    expect(changed(told, contact, 'clock.overdue.firstWorkdays', {})).toBeUndefined();
    const { repeats: _unknown, ...before } = contact;
    expect(changed(told, before, 'clock.overdue.firstWorkdays', {})).toBeUndefined();
    told.waits(25 * HOUR);
    expect(changed(told, contact, 'clock.overdue.firstWorkdays', { repeats })).toBeUndefined();
  });

  it('[PC6] comes from a policy that there is, whichever clock it is, and from no other does it move', () => {
    const cases = [
      Case.registered(),
      Case.accepted(),
      Case.dispatched('housing'),
      Case.objected('housing'),
      Case.accepted({ grade: 'urgent' }),
      Case.handled('housing').does(clerk('housing'), { name: 'addProgress', text: '进展' }),
    ];
    const running = cases.flatMap((told) => told.deadlines.filter(isOpen).map((clock) => ({ told, clock })));
    const keys = Object.keys(POLICY_KEYS);
    for (const { clock } of running) expect(keys).toContain(clock.policyKey);
    const limits = keys.filter((key) => /limit/.test(key));
    fc.assert(
      fc.property(fc.constantFrom(...running), fc.constantFrom(...limits), ({ told, clock }, key) => {
        // Everything is longer now; only what the clock began with may make it so.
        const longer = changed(told, clock, key, LONGER);
        if (key === clock.policyKey) expect(longer!.dueAt).toBeGreaterThan(clock.dueAt);
        else expect(longer).toBeUndefined();
      }),
    );
  });
});

const twice = <T>(value: T): T => {
  if (typeof value === 'number') return (value * 2) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, twice(one)])) as T;
};
const { accept, dispatchMs, ack, objection, contact, arbitration, evaluation, rework, handling: work } = CLOCK_POLICY;
const LONGER: Partial<ClockPolicy> = {
  ...twice({ accept, dispatchMs, ack, objection, arbitration, evaluation, rework, handling: work }),
  contact: { ...contact, limit: twice(contact.limit) },
};
