/** A fraction as it is said; what has no denominator is neither 0 nor all. */
export const percentWords = (rate: number | null): string => (rate === null ? '—' : `${(rate * 100).toFixed(1)}%`);
