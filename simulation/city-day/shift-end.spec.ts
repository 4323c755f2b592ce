import { readFileSync } from 'node:fs';
import { handOvers } from './hand-over.js';
import { dayOf, nextEnding, type PlannedShift } from './shift-end.js';

const PLAN = JSON.parse(readFileSync('config/shifts.json', 'utf8')) as PlannedShift[];
const at = (text: string): number => Date.parse(`${text}+08:00`);

describe('the end of a shift in a simulated day', () => {
  it.each([
    ['2026-11-22T07:30', '2026-11-22T15:00'],
    ['2026-11-22T14:59', '2026-11-22T15:00'],
    ['2026-11-22T15:00', '2026-11-23T15:00'],
    ['2026-11-22T23:59', '2026-11-23T15:00'],
  ])('is from %s on the next one in the daytime at which another begins: %s', (from, ends) => {
    expect(nextEnding(PLAN, at(from))).toMatchObject({
      ends: { code: 'early' },
      next: { code: 'late' },
      at: at(ends),
    });
  });

  it('is none where no shift follows another', () => {
    const alone = { code: 'whole', start: '08:00', end: '07:00' };
    expect(nextEnding([alone], at('2026-11-22T07:30'))).toBeUndefined();
  });

  it('belongs to the day on which the shift began', () => {
    const [day, night] = [
      { code: 'day', start: '08:00', end: '20:00' },
      { code: 'night', start: '20:00', end: '08:00' },
    ];
    expect(dayOf(day, at('2026-11-22T20:00'))).toBe('2026-11-22');
    expect(dayOf(night, at('2026-11-22T20:00') + 1)).toBe('2026-11-22');
    expect(dayOf(night, at('2026-11-22T08:00'))).toBe('2026-11-21');
  });
});

describe('seats that change hands', () => {
  it('are the same for the same seed, some of them by the clock, with a desk for who comes', () => {
    const found = handOvers(100, 0.3, 1);
    expect(handOvers(100, 0.3, 1)).toEqual(found);
    expect(handOvers(100, 0.3, 2)).not.toEqual(found);
    expect(new Set(found.map(({ relief }) => relief)).size).toBe(found.length);
    const byClock = found.filter((one) => one.byClock);
    expect(byClock.length).toBeGreaterThan(0);
    expect(byClock.length).toBeLessThan(found.length / 2);
    expect(byClock.every(({ desk, seatId }) => desk !== seatId)).toBe(true);
    expect(found.every((one) => one.byClock || one.desk === one.seatId)).toBe(true);
    // No more than there are people who come.
    expect(handOvers(700, 0.6, 1)).toHaveLength(350);
  });
});
