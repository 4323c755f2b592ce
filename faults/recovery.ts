/** From when to when, ms of the tester's monotonic clock. */
export interface Span {
  from: number;
  to: number;
}

/**
 * How long coming back took: from a connection that stands to rooms that are caught up, without the time in which
 * something that was needed for it was held up on purpose.
 */
export function timeOf({ from, to }: Span, holds: readonly Span[]): number {
  let counted = 0;
  let at = from;
  for (const hold of [...holds].sort((one, other) => one.from - other.from)) {
    if (hold.to <= at || hold.from >= to) continue;
    counted += Math.max(0, hold.from - at);
    at = hold.to;
  }
  return counted + Math.max(0, to - at);
}
