import fc from 'fast-check';
import { type BreakPolicy, decideBreak, type Manning, mostAway } from './break-rule.js';

const MINUTE = 60_000;
const policy: BreakPolicy = { maxMs: 15 * MINUTE, mostPerShift: 3, mostShareAway: 0.2, notLastMs: 30 * MINUTE };
const now = Date.parse('2026-03-02T10:00:00+08:00');
const shift = { endsAt: now + 4 * 60 * MINUTE, breaks: 0 };
const register = (signedOn: number, away: number, nextBackAt: number | null = null): Manning => ({
  queueId: 'register',
  signedOn,
  away,
  nextBackAt,
});

describe('breaks by rule', () => {
  it('[SH9] lasts as long as the city allows', () => {
    expect(decideBreak(shift, [register(10, 0)], policy, now)).toEqual({
      ok: true,
      value: { until: now + 15 * MINUTE },
    });
  });

  it.each([
    ['[SH9] the fourth', { ...shift, breaks: 3 }, register(10, 0), '现在不能小休：本班小休已满 3 次，本班内不能再小休'],
    [
      '[SH9] in the last half hour',
      { ...shift, endsAt: now + 30 * MINUTE - 1 },
      register(10, 0),
      '现在不能小休：下班前 30 分钟内不能小休，本班内不能再小休',
    ],
    [
      '[SH9] while a fifth is away',
      shift,
      register(10, 2, now + 5 * MINUTE),
      '现在不能小休：登记队列同时小休的坐席已达上限（2 人），最早 10:05 起可以',
    ],
    [
      '[SH9] while those away should be back already',
      shift,
      register(10, 2, now),
      '现在不能小休：登记队列同时小休的坐席已达上限（2 人），有人回岗后即可',
    ],
  ])('%s is refused, with the rule and when it becomes possible', (_what, of, manning, message) => {
    expect(decideBreak(of, [manning], policy, now)).toEqual({
      ok: false,
      error: { code: 'break_not_allowed', message, field: 'presence', clause: 'SH9' },
    });
  });

  it('[SH9] counts each of the queues that the seat serves', () => {
    const dispatch: Manning = { queueId: 'dispatch', signedOn: 4, away: 1, nextBackAt: null };
    expect(decideBreak(shift, [register(20, 0), dispatch], policy, now)).toMatchObject({
      error: { message: '现在不能小休：分拨队列同时小休的坐席已达上限（1 人），有人回岗后即可' },
    });
  });

  it('[SH9] lets one of few go, and nobody where nobody may', () => {
    expect([mostAway(1, 0.2), mostAway(4, 0.2), mostAway(10, 0.2), mostAway(700, 0.1), mostAway(9, 0)]).toEqual([
      1, 1, 2, 70, 0,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (n, share) => {
        expect(mostAway(n, share)).toBeGreaterThanOrEqual(1);
        expect(mostAway(n, share)).toBeLessThanOrEqual(n);
      }),
    );
  });
});
