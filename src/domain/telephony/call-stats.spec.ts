import fc from 'fast-check';
import { callStats, type CountedCall, DAY_MS } from './call-stats.js';
import { CountedCalls } from './counted-calls.js';

const NOW = 10 * DAY_MS;
const call = (offeredAt: number | null, answeredAt: number | null = null, abandonedAt: number | null = null) => ({
  ...{ offeredAt, answeredAt, abandonedAt },
});

describe('how the telephone is answered', () => {
  it('[CT6] counts the calls of the last 24 hours, and what was answered in time', () => {
    const at = NOW - 60_000;
    const calls = [
      call(at, at + 15_000),
      call(at, at + 15_001),
      call(at, null, at + 30_000),
      call(at),
      call(null, at),
      call(NOW - DAY_MS, NOW - DAY_MS + 1),
      call(null),
    ];
    expect(callStats(calls, [], NOW, 15_000)).toEqual({
      ...{ offered: 5, answered: 3, abandoned: 1, answeredWithin15s: 1, transferred: 0, wrongNumbers: 0 },
      ...{ connectRate: 3 / 5, answeredWithin15sRate: 1 / 3 },
    });
  });

  it('[CT6] has no rate of nothing', () => {
    expect(callStats([], [], NOW, 15_000)).toMatchObject({ connectRate: null, answeredWithin15sRate: null });
    expect(callStats([call(NOW)], [], NOW, 15_000)).toMatchObject({ connectRate: 0, answeredWithin15sRate: null });
  });

  it('[CT8] counts transfers and wrong numbers of the same time', () => {
    const contacts = [
      { at: NOW - 1, kind: 'transfer' as const },
      { at: NOW - 2, kind: 'wrong_number' as const },
      { at: NOW - DAY_MS, kind: 'transfer' as const },
    ];
    expect(callStats([], contacts, NOW, 15_000)).toMatchObject({ transferred: 1, wrongNumbers: 1, offered: 0 });
  });

  it('[CT6] forgets what has left the 24 hours, and says the same with it and without', () => {
    const times = fc.option(fc.integer({ min: NOW - 2 * DAY_MS, max: NOW }));
    const calls = fc.array(fc.record<CountedCall>({ offeredAt: times, answeredAt: times, abandonedAt: times }));
    fc.assert(
      fc.property(calls, (all) => {
        const counted = new CountedCalls();
        all.forEach((one, i) => counted.take({ type: 'call.hung_up', at: NOW, data: { callId: `c${i}`, ...one } }));
        const before = counted.stats(NOW, 15_000);
        expect(before).toEqual(callStats(all, [], NOW, 15_000));
        counted.forget(NOW);
        expect(counted.stats(NOW, 15_000)).toEqual(before);
      }),
    );
  });
});
