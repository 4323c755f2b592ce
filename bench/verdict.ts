/** What of the limits the figures keep; a figure that there is not keeps none. */
export const holding = <L extends Record<string, number>>(
  limits: L,
  figures: Record<keyof L, number | null>,
): Record<keyof L, boolean> =>
  Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => {
      const figure = figures[name];
      return [name, figure !== null && figure !== undefined && figure <= limit];
    }),
  ) as Record<keyof L, boolean>;

/** The sample below which this share of them lies, by nearest rank; `null` without samples. */
export function atShare(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b);
  const sample = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return sample === undefined ? null : Math.round(sample * 10) / 10;
}
