import { describe, expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';

describe('[LD3] the waits of who was cut off', () => {
  it('lie anywhere below a bound that doubles up to a ceiling, and are never nothing', () => {
    const least = new BackOff(() => 0, 600, 5_000);
    const longest = new BackOff(() => 1, 600, 5_000);
    const bounds = [600, 1_200, 2_400, 4_800, 5_000, 5_000];
    expect(bounds.map(() => longest.next())).toEqual(bounds);
    expect(bounds.map(() => least.next())).toEqual(bounds.map((bound) => bound / 10));
    longest.reset();
    expect(longest.next()).toBe(600);
  });

  it('are never shorter than the hub has asked for, and spread a little', () => {
    expect([new BackOff(() => 0).next(800), new BackOff(() => 0.99).next(800)]).toEqual([800, 958]);
  });
});
