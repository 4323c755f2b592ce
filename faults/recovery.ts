import type { FaultKind } from './history/entry.js';

/** From when to when, ms of the tester's monotonic clock. */
export interface Span {
  from: number;
  to: number;
}

/** A fault while it lasted. */
export interface Spell extends Span {
  fault: FaultKind;
  target: string;
}

/** One coming back: how long it took, ms, and what was broken meanwhile or shortly before. */
export interface Recovery {
  ms: number;
  beside: string[];
}

/** While one of these lasts nobody can be expected to catch up. */
const HOLDING: readonly FaultKind[] = [
  'hub paused',
  'hub restarted',
  'database killed',
  'database paused',
  'database cut off',
  'line delayed',
];

/** What a fault leaves to be done is done by then. */
const AFTERMATH_MS = 2_000;

export function recoveriesOf(spans: readonly Span[], spells: readonly Spell[]): Recovery[] {
  const holds = spells.filter(({ fault }) => HOLDING.includes(fault));
  return spans.map((span) => ({
    ms: timeOf(span, holds),
    beside: spells
      .filter(({ from, to }) => from <= span.to && to >= span.from - AFTERMATH_MS)
      .map(({ fault, target, from, to }) => `${fault} (${target}) ${after(from, span)} to ${after(to, span)}`),
  }));
}

/** Seconds after the connection stood. */
const after = (at: number, { from }: Span): string => `${((at - from) / 1_000).toFixed(1)} s`;

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
