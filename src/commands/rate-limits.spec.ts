import fc from 'fast-check';
import { readPolicy } from '../config/policy.js';
import { Allowance } from './allowance.js';
import { Allowances } from './allowances.js';
import { RateLimits } from './rate-limits.js';

describe('[LD4] an allowance', () => {
  it('gives the burst at once and the rate ever after, whatever is asked', () => {
    const asks = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), asks, (perSecond, burst, waits) => {
        const allowance = new Allowance();
        let now = 0;
        let given = 0;
        for (const ms of waits) {
          now += ms;
          const waitMs = allowance.take(now, { perSecond, burst });
          if (waitMs === 0) given += 1;
          expect(given).toBeLessThanOrEqual(burst + (now * perSecond) / 1_000 + 1e-6);
          expect(waitMs).toBeLessThanOrEqual(1_000 / perSecond + 1e-6);
        }
        expect(given).toBeGreaterThanOrEqual(Math.min(waits.length, burst));
      }),
    );
  });

  it('has one again when the told time is over', () => {
    const allowance = new Allowance();
    const rate = { perSecond: 3, burst: 2 };
    expect([allowance.take(0, rate), allowance.take(0, rate)]).toEqual([0, 0]);
    const waitMs = allowance.take(0, rate);
    expect(waitMs).toBeGreaterThan(0);
    expect(allowance.take(waitMs - 1, rate)).toBeGreaterThan(0);
    expect(allowance.take(waitMs, rate)).toBe(0);
  });

  it('remembers no source longer than it owes', () => {
    const allowances = new Allowances();
    for (let n = 0; n < 50_000; n++) allowances.take(`source ${n}`, n * 10, { perSecond: 10, burst: 5 });
    expect(allowances.size).toBeLessThan(2_000);
  });
});

describe('[LD4] the limits of sources', () => {
  const limits = () => new RateLimits(readPolicy('config', { 'rate.login.perSecond': 1, 'rate.login.burst': 10 }));

  it('refuse what is too much with the time to wait, and leave the other sources alone', () => {
    const mine = limits();
    for (let n = 0; n < 10; n++) expect(mine.refusal('login', '10.0.0.1')).toBeUndefined();
    const refusal = mine.refusal('login', '10.0.0.1')!;
    expect(refusal).toMatchObject({ code: 'too_many_requests', clause: 'LD4' });
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    expect(refusal.retryAfterMs).toBeLessThanOrEqual(1_000);
    expect(mine.refusal('login', '10.0.0.2')).toBeUndefined();
    expect(mine.refusal('intake', '10.0.0.1')).toBeUndefined();
  });

  it('are told over HTTP in whole seconds, too', () => {
    const mine = limits();
    for (let n = 0; n < 10; n++) mine.admit('login', 'x');
    expect(() => mine.admit('login', 'x')).toThrow(expect.objectContaining({ retryAfterSeconds: 1 }) as Error);
  });
});
