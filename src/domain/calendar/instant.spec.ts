import { instantOf } from './instant.js';

describe('instantOf', () => {
  it('reads ISO 8601 with an offset', () => {
    expect(instantOf('2018-02-08T15:34:40+08:00')).toBe(Date.UTC(2018, 1, 8, 7, 34, 40));
    expect(instantOf('2024-02-29T00:00Z')).toBe(Date.UTC(2024, 1, 29));
    expect(instantOf('2026-11-21T08:00:00.123Z')).toBe(Date.UTC(2026, 10, 21, 8, 0, 0, 123));
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2026-11-21T08:00:00',
    '2026-11-21',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21 08:00:00Z',
    '1',
    '',
    '2026-11-21T08:00:00+25:00',
  ])('refuses %s', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });
});
