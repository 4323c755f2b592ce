import fc from 'fast-check';
import { afterAttempt } from './after-attempt.js';
import { callableFrom, callableUntil } from './calling-hours.js';

const HOURS = { from: 8, to: 21 };
const at = (text: string) => Date.parse(`${text}+08:00`);
const policy = { hours: HOURS, retryMs: 30 * 60_000, mostAttempts: 3 };

describe('the hours in which people are called', () => {
  it.each([
    ['2026-03-02T08:00:00', '2026-03-02T08:00:00'],
    ['2026-03-02T20:59:59', '2026-03-02T20:59:59'],
    ['2026-03-02T21:00:00', '2026-03-03T08:00:00'],
    ['2026-03-02T07:59:59', '2026-03-02T08:00:00'],
    ['2026-12-31T23:30:00', '2027-01-01T08:00:00'],
  ])('[CB4] what would be at %s is at %s', (asked, then) => {
    expect(new Date(callableFrom(at(asked), HOURS)).toISOString()).toBe(new Date(at(then)).toISOString());
  });

  it('[CB4] are always within a day, never before what was asked, and the same when asked again', () => {
    const hours = fc.record({ from: fc.integer({ min: 0, max: 12 }), to: fc.integer({ min: 13, max: 24 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), hours, (asked, open) => {
        const then = callableFrom(asked, open);
        expect(then).toBeGreaterThanOrEqual(asked);
        expect(then - asked).toBeLessThan(24 * 3_600_000);
        expect(callableFrom(then, open)).toBe(then);
        const hour = ((then / 3_600_000 + 8) % 24) + 0;
        expect(hour >= open.from && hour < open.to).toBe(true);
        const end = callableUntil(asked, open);
        expect(end - then).toBeGreaterThan(0);
        expect(callableFrom(end - 1, open)).toBe(end - 1);
        expect((end / 3_600_000 + 8) % 24).toBe(open.to % 24);
      }),
    );
  });
});

describe('after a call-back was tried', () => {
  const now = at('2026-03-02T10:00:00');
  const after = (outcome: Parameters<typeof afterAttempt>[0], attempts = 1, nextAt?: number, time = now) =>
    afterAttempt(outcome, { attempts, nextAt, now: time }, policy);

  it('[CB3] is over unless nobody answered', () => {
    expect(after('reached')).toEqual({ done: 'reached' });
    expect(after('wrong_number')).toEqual({ done: 'wrong_number' });
    expect(after('not_needed', 3)).toEqual({ done: 'not_needed' });
  });

  it('[CB3] is tried again after a while, or when it was asked for, and then no more', () => {
    expect(after('no_answer')).toEqual({ againAt: now + policy.retryMs });
    expect(after('no_answer', 2, now + 5_000)).toEqual({ againAt: now + 5_000 });
    expect(after('no_answer', 3)).toEqual({ done: 'given_up' });
  });

  it('[CB4] is not tried again at night', () => {
    const late = at('2026-03-02T20:45:00');
    expect(after('no_answer', 1, undefined, late)).toEqual({ againAt: at('2026-03-03T08:00:00') });
  });
});
