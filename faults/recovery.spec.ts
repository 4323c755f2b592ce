import { recoveriesOf, type Spell, timeOf } from './recovery.js';

describe('the time of a recovery', () => {
  const recovery = { from: 100, to: 200 };

  it('is the whole of it where nothing held it up', () => {
    expect(timeOf(recovery, [])).toBe(100);
    expect(
      timeOf(recovery, [
        { from: 0, to: 100 },
        { from: 200, to: 300 },
      ]),
    ).toBe(100);
  });

  it('leaves out what held it up, once where that overlaps', () => {
    expect(
      timeOf(recovery, [
        { from: 150, to: 160 },
        { from: 120, to: 130 },
      ]),
    ).toBe(80);
    expect(
      timeOf(recovery, [
        { from: 120, to: 160 },
        { from: 130, to: 150 },
        { from: 90, to: 110 },
      ]),
    ).toBe(50);
    expect(timeOf(recovery, [{ from: 0, to: 300 }])).toBe(0);
  });
});

describe('recoveries', () => {
  const spell = (fault: Spell['fault'], from: number, to: number): Spell => ({ fault, target: 'one', from, to });

  it('leave out what held everybody up, and tell what was broken then or shortly before', () => {
    const spells = [
      spell('database paused', 0, 1_000),
      spell('redis killed', 3_200, 3_400),
      spell('hub paused', 5_100, 5_600),
      spell('line cut', 8_000, 8_000),
    ];
    expect(recoveriesOf([{ from: 5_000, to: 6_000 }], spells)).toEqual([
      { ms: 500, beside: ['redis killed (one) -1.8 s to -1.6 s', 'hub paused (one) 0.1 s to 0.6 s'] },
    ]);
  });
});
