import { describe, expect, it } from '@jest/globals';
import { chance, chances } from './chance.js';

describe('chance', () => {
  it('is the same for the same seed and words, whenever it is asked', () => {
    expect(chance(7, 'objection', '9148')).toBe(chance(7, 'objection', '9148'));
    expect(chance(7, 'objection', '9148')).not.toBe(chance(8, 'objection', '9148'));
    expect(chance(7, 'objection', '9148')).not.toBe(chance(7, 'ruling', '9148'));
    const [one, other] = [chances(3, 'a'), chances(3, 'a')];
    expect([one(), one(), one()]).toEqual([other(), other(), other()]);
  });

  it('is spread evenly from 0 to 1', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 20_000; i += 1) {
      const drawn = chance(1, 'row', String(i));
      expect(drawn >= 0 && drawn < 1).toBe(true);
      tenths[Math.floor(drawn * 10)]! += 1;
    }
    for (const share of tenths) expect(Math.abs(share - 2000)).toBeLessThan(200);
  });
});
