import { type Day, plusDays } from './day.js';

/** The feasts of a year that follow moon and sun. */
export interface Feasts {
  springFestival: Day;
  qingming: Day;
  dragonBoat: Day;
  midAutumn: Day;
}

/**
 * [WD2] The 13 days off that the regulation on public holidays gives since 2025: New Year; the eve of the Spring Festival and its
 * first three days; Qingming; 1 and 2 May; Dragon Boat; Mid-Autumn; 1 to 3 October. Which weekends are worked for them, and
 * how they are joined, only a notice says.
 */
export function statutoryDays(year: number, feasts: Feasts): Day[] {
  const { springFestival, qingming, dragonBoat, midAutumn } = feasts;
  return [
    `${year}-01-01`,
    ...[-1, 0, 1, 2].map((days) => plusDays(springFestival, days)),
    qingming,
    `${year}-05-01`,
    `${year}-05-02`,
    dragonBoat,
    midAutumn,
    `${year}-10-01`,
    `${year}-10-02`,
    `${year}-10-03`,
  ];
}
