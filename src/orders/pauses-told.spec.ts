import { pausesThatDiffer } from './pauses-told.js';

const HOUR = 3_600_000;
const PUT_ASIDE = Date.parse('2026-03-03T10:00:00+08:00');
const UNTIL = Date.parse('2026-03-05T24:00:00+08:00');
const clockId = 'order:1:HANDLING:1';

function log(resumed: { at: number; byClock: boolean }, pausedMs: number) {
  const told = (type: string, at: number, data: object) => ({ type, at, data: JSON.stringify(data) });
  return [
    told('deadline.paused', PUT_ASIDE - 48 * HOUR, { clockId, pausedMs: 0 }),
    told('deadline.resumed', PUT_ASIDE - 47 * HOUR, { clockId, pausedMs: HOUR }),
    told('order.suspended', PUT_ASIDE, { until: UNTIL }),
    told('deadline.paused', PUT_ASIDE, { clockId, pausedMs: HOUR }),
    told('order.resumed', resumed.at, { byClock: resumed.byClock }),
    told('deadline.resumed', UNTIL + 9 * HOUR, { clockId, pausedMs }),
  ];
}

describe('what the log says of a suspension', () => {
  it.each([
    [{ at: UNTIL, byClock: true }],
    [{ at: UNTIL, byClock: false }],
    [{ at: PUT_ASIDE + HOUR, byClock: false }],
  ])('[T19] [I8] agrees where it went on %j', (resumed) => {
    expect(pausesThatDiffer(log(resumed, HOUR + resumed.at - PUT_ASIDE))).toEqual([]);
  });

  it.each([
    [{ at: UNTIL + 9 * HOUR, byClock: true }],
    [{ at: UNTIL - 1, byClock: true }],
    [{ at: UNTIL + 1, byClock: false }],
  ])('[T19] [I8] does not agree where it went on %j', (resumed) => {
    expect(pausesThatDiffer(log(resumed, HOUR + resumed.at - PUT_ASIDE))).toEqual([
      { clockId: null, sentence: '挂账恢复的时刻与到期日不符' },
    ]);
  });

  it('[T19] [I8] does not agree where the clock stood still longer than the order', () => {
    const told = log({ at: UNTIL, byClock: true }, HOUR + UNTIL + 9 * HOUR - PUT_ASIDE);
    expect(pausesThatDiffer(told)).toEqual([{ clockId, sentence: 'pausedMs 与挂账的起止不符' }]);
  });
});
