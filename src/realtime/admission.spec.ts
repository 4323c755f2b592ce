import { chances } from '../../simulation/chance.js';
import { Admission } from './admission.js';

const RATE = { perSecond: 400, burst: 200 };

describe('[LD3] the admission of connections', () => {
  it('takes on a storm at its rate, each after the wait that it was told, or nearly', () => {
    const admission = new Admission();
    const random = chances(1, 'storm');
    const coming = Array.from({ length: 900 }, (_, n) => ({ user: `u${n}`, at: random() * 100, tries: 0 }));
    const admitted: number[] = [];
    let tries = 0;
    while (coming.length > 0) {
      coming.sort((a, b) => a.at - b.at);
      const next = coming.shift()!;
      tries += 1;
      const waitMs = admission.ask(next.user, next.at, RATE);
      if (waitMs === 0) admitted.push(next.at);
      else coming.push({ ...next, at: next.at + waitMs * (1 + random()), tries: next.tries + 1 });
    }
    for (let from = 0; from < 4_000; from += 100) {
      const within = admitted.filter((at) => at >= from && at < from + 1_000).length;
      expect(within).toBeLessThanOrEqual(RATE.burst + RATE.perSecond + 1);
    }
    expect(Math.max(...admitted)).toBeLessThan(5_000);
    // It does not feed itself: hardly anybody comes in vain twice.
    expect(tries).toBeLessThan(900 * 2);
  });

  it('lets a user who connects on and on take nobody else’s place', () => {
    const admission = new Admission();
    let taken = 0;
    for (let n = 0; n < 10_000; n++) if (admission.ask('loud', n / 10, RATE) === 0) taken += 1;
    expect(taken).toBeLessThan(70);
    expect(admission.ask('quiet', 1_000, RATE)).toBe(0);
  });

  it('never tells anybody to wait longer than ten seconds', () => {
    const admission = new Admission();
    let longest = 0;
    for (let n = 0; n < 20_000; n++) longest = Math.max(longest, admission.ask(`u${n}`, 0, RATE));
    expect(longest).toBe(10_000);
  });
});
