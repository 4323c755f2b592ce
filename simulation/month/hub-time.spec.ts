import { within } from './hub-time.js';
import { latenessOf } from './lateness.js';
import { reportOnSignals } from './report.js';

describe('lateness', () => {
  it('is told as the hub’s time went, as time really passed, and without the time that the hub was down', () => {
    const raised = [{ name: 'GD1 ACK 1', clock: 'ACK', signal: 'overdue', at: 1_000, saidAt: 11_000 } as const];
    const none = { expected: 1, missing: [], twice: [], early: [], afterStop: [], differing: [] };
    const course = {
      leaps: [{ from: 500, to: 7_000 }],
      downs: [{ from: 7_500, to: 10_000 }],
      redisAway: [{ from: 900, to: 11_900 }],
      mostLateMs: 1_000,
    };
    const { latenessMs, bySignal, redisAway, tooLate } = reportOnSignals([{ ...none, raised }], course);
    expect(latenessMs).toMatchObject({ hub: { most: 10_000 }, real: { most: 4_000 }, up: { most: 1_500 } });
    expect(bySignal['ACK overdue']!.raised).toBe(1);
    expect(redisAway).toEqual([{ seconds: 11, signals: 1 }]);
    expect(tooLate).toEqual([expect.stringContaining('GD1 ACK 1 overdue')]);
  });

  it('has no percentiles without samples', () => {
    expect(latenessOf([])).toEqual({ p50: null, p95: null, p99: null, most: null, signals: 0 });
    expect(latenessOf([3, 1, 2])).toMatchObject({ p50: 2, p99: 3, most: 3 });
  });

  it('counts what lies inside of spans', () => {
    expect(within([{ from: 0, to: 5 }, { from: 8, to: 9 }], { from: 3, to: 20 })).toBe(3); // prettier-ignore
  });
});
