import fc from 'fast-check';
import { daysOffByLaw } from '../../calendar/feasts.js';
import { firstChange } from './calendar-change.js';
import { plusDays } from './day.js';
import { type HolidayNotice, WorkCalendar } from './work-calendar.js';

const counted = (...notices: HolidayNotice[]) => new WorkCalendar(notices, daysOffByLaw);
const notice = (off: string[], work: string[] = []): HolidayNotice => ({ year: 2027, off, work });
const EARLY = notice(['2026-12-31', '2027-01-01'], ['2027-01-09']);

describe('what a notice changes', () => {
  it.each([
    ['a first notice', counted(), counted(notice(daysOffByLaw(2027))), '2027-01-01'],
    ['a New Year that begins early', counted(), counted(EARLY), '2026-12-31'],
    ['the same days again', counted(EARLY), counted({ ...EARLY }), null],
    ['one day more', counted(EARLY), counted(notice([...EARLY.off, '2027-03-03'], ['2027-01-09'])), '2027-03-03'],
    ['a worked Saturday', counted(EARLY), counted(notice([...EARLY.off])), '2027-01-09'],
  ])('[WD10] %s', (_, before, after, first) => {
    expect(firstChange(before, after, 2027)).toBe(first);
  });

  it('[WD10] whatever is due before it is due as before', () => {
    const day = fc.integer({ min: -31, max: 364 }).map((days) => plusDays('2027-01-01', days));
    const some = fc.uniqueArray(day, { maxLength: 6 }).map((off) => counted(notice(off)));
    const start = fc.integer({ min: -60, max: 364 }).map((days) => plusDays('2027-01-01', days));
    fc.assert(
      fc.property(some, some, start, fc.integer({ min: 1, max: 60 }), (before, after, from, n) => {
        const first = firstChange(before, after, 2027);
        const due = before.afterWorkdays(from, n);
        if (first === null || due.day < first) expect(after.afterWorkdays(from, n)).toEqual(due);
        if (first !== null) expect(before.isWorkday(first)).not.toBe(after.isWorkday(first));
      }),
    );
  });
});
