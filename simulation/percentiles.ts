/** Milliseconds with one decimal place; `null` without samples. */
export interface Percentiles {
  p50: number | null;
  p99: number | null;
  samples: number;
}

/** By nearest rank. */
export function percentilesOf(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const sample = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return sample === undefined ? null : Math.round(sample * 10) / 10;
  };
  return { p50: at(0.5), p99: at(0.99), samples: sorted.length };
}
