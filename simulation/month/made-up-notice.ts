import { type DayNumber, dayNamed, lawfulDays, nameOfDay, type Notice, springFestivalOf } from './work-days.js';

/** More than the law gives: the Spring Festival from its eve, National Day from its first day. */
const LONG = { springFestival: 8, nationalDay: 7 };

/** A notice as the State Council could issue it: two long holidays, and a weekend day worked before and after each. */
export function madeUpNotice(year: number): Notice {
  const spring = springFestivalOf(year) - 1;
  const national = dayNamed(`${year}-10-01`);
  const off = new Set([...lawfulDays(year), ...span(spring, LONG.springFestival), ...span(national, LONG.nationalDay)]);
  const work = [spring, national].flatMap((first) => [
    nearestSunday(first - 2, -1, off),
    nearestSunday(first + 9, 1, off),
  ]);
  return {
    year,
    off: [...off].sort((a, b) => a - b).map(nameOfDay),
    work: [...new Set(work)].sort((a, b) => a - b).map(nameOfDay),
  };
}

const span = (from: DayNumber, days: number): DayNumber[] => Array.from({ length: days }, (_, i) => from + i);

function nearestSunday(from: DayNumber, step: 1 | -1, off: ReadonlySet<DayNumber>): DayNumber {
  let day = from;
  while ((day + 4) % 7 !== 0 || off.has(day)) day += step;
  return day;
}
