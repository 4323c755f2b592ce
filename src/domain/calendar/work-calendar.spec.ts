import fc from 'fast-check';
import { feastsOf } from '../../calendar/feasts.js';
import { knownNotices } from '../../calendar/known-notices.js';
import { endOf, plusDays, weekdayOf, yearOf } from './day.js';
import { statutoryDays } from './statutory-days.js';
import { WorkCalendar } from './work-calendar.js';

const byLaw = (year: number) => statutoryDays(year, feastsOf(year));
const calendar = new WorkCalendar(knownNotices('./config'), byLaw);
const anyDay = fc.integer({ min: 0, max: 3_650 }).map((days) => plusDays('2024-01-01', days));

describe('workdays', () => {
  it.each([
    ['2026-02-13', 1, '2026-02-14', false, 'a working Saturday'],
    ['2026-02-14', 1, '2026-02-24', false, 'a break of nine days'],
    ['2026-02-15', 1, '2026-02-24', false, 'from a holiday on'],
    ['2026-02-10', 3, '2026-02-13', false, ''],
    ['2026-01-30', 15, '2026-02-27', false, ''],
    ['2026-04-29', 3, '2026-05-07', false, '30 April, 6 and 7 May'],
    ['2026-05-08', 1, '2026-05-09', false, 'a working Saturday'],
    ['2026-09-24', 15, '2026-10-22', false, 'two breaks'],
    ['2026-09-24', 30, '2026-11-12', false, ''],
    ['2026-10-09', 1, '2026-10-10', false, 'a working Saturday'],
    ['2026-01-01', 1, '2026-01-04', false, 'a working Sunday'],
    ['2026-11-20', 20, '2026-12-18', false, ''],
    ['2026-11-20', 30, '2027-01-04', true, 'a year whose notice is not out'],
  ])('[WD1] [WD2] [WD3] from %s so many as %i last to %s (provisional: %s) %s', (start, n, due, provisional) => {
    expect(calendar.afterWorkdays(start, n)).toEqual({ day: due, at: endOf(due), provisional });
  });

  it.each([2024, 2025, 2026])('[WD1] %i: the notice worked as many days as the law asks for', (year) => {
    const days = Array.from({ length: 366 }, (_, i) => plusDays(`${year}-01-01`, i)).filter(
      (day) => yearOf(day) === year,
    );
    const worked = days.filter((day) => calendar.isWorkday(day)).length;
    // 11 days off by law until 2024, 13 since; a feast on a weekend is made good.
    const weekdays = days.filter((day) => weekdayOf(day) % 6 !== 0).length;
    expect(worked).toBe(weekdays - (year === 2024 ? 11 : 13));
  });

  it('[WD2] without a notice the feasts of moon and sun are where they are', () => {
    const off = byLaw(2027);
    expect(off).toHaveLength(13);
    expect(off).toEqual(
      expect.arrayContaining(['2027-02-05', '2027-02-06', '2027-02-08', '2027-04-05', '2027-06-09', '2027-09-15']),
    );
    expect(calendar.isWorkday('2027-01-01')).toBe(false);
    expect(calendar.isWorkday('2027-02-09')).toBe(true);
    expect(calendar.isNoticed(2027)).toBe(false);
  });

  it('[WD3] between the start and the due day lie exactly so many workdays, and the due day is one', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (start, n) => {
        const { day } = calendar.afterWorkdays(start, n);
        let worked = 0;
        for (let one = plusDays(start, 1); one <= day; one = plusDays(one, 1))
          worked += Number(calendar.isWorkday(one));
        expect(worked).toBe(n);
        expect(calendar.isWorkday(day)).toBe(true);
      }),
    );
  });

  it('[WD4] natural days count every day to its end', () => {
    expect(calendar.afterDays('2026-02-14', 3)).toEqual({
      day: '2026-02-17',
      at: Date.parse('2026-02-17T16:00:00Z'),
      provisional: false,
    });
  });

  it('refuses to count for ever', () => {
    expect(() => calendar.afterWorkdays('2026-01-01', 4_000)).toThrow(RangeError);
  });
});
