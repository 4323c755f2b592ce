import { timeOf } from './recovery.js';

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
