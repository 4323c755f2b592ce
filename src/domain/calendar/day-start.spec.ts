import { dayStart } from './day-start.js';

describe('dayStart', () => {
  it.each([
    ['2026-11-21T00:00:00.000+08:00', '2026-11-21T00:00:00+08:00'],
    ['2026-11-21T23:59:59.999+08:00', '2026-11-21T00:00:00+08:00'],
    ['2026-11-21T15:59:59Z', '2026-11-21T00:00:00+08:00'],
    ['2026-11-21T16:00:00Z', '2026-11-22T00:00:00+08:00'],
  ])('%s lies in the day that began at %s', (at, began) => {
    expect(dayStart(Date.parse(at))).toBe(Date.parse(began));
  });
});
