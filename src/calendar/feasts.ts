import { LunarDay, SolarTerm } from 'tyme4ts';
import type { Day } from '../domain/calendar/day.js';
import { statutoryDays, type Feasts } from '../domain/calendar/statutory-days.js';

/** When the feasts of a year lie that follow moon and sun. The library computes new moons and solar terms; the calendar of the language runtime is a day off in some years (2027). */
export function feastsOf(year: number): Feasts {
  const lunar = (month: number, day: number): Day => iso(LunarDay.fromYmd(year, month, day).getSolarDay());
  return {
    springFestival: lunar(1, 1),
    dragonBoat: lunar(5, 5),
    midAutumn: lunar(8, 15),
    qingming: iso(SolarTerm.fromName(year, '清明').getJulianDay().getSolarDay()),
  };
}

/** [WD2] The days off that the law gives a year. */
export const daysOffByLaw = (year: number): Day[] => statutoryDays(year, feastsOf(year));

const iso = (day: { getYear(): number; getMonth(): number; getDay(): number }): Day =>
  [String(day.getYear()), String(day.getMonth()).padStart(2, '0'), String(day.getDay()).padStart(2, '0')].join('-');
