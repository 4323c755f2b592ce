export const FIRST_YEAR = 1950;
export const LAST_YEAR = 2199;

/** Of these the feasts of moon and sun are known well enough; notices lie among them. */
export const isKnownYear = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;
