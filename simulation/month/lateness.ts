/** How late signals were said, ms; `null` without any. */
export interface Lateness {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  most: number | null;
  signals: number;
}

/** By nearest rank. */
export function latenessOf(samples: readonly number[]): Lateness {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted.at(-1) ?? null, signals: sorted.length };
}
