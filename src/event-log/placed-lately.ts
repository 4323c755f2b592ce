import type { EventRow } from './logged-event.js';

/** An event's row with its place, and its offset in each of its rooms. */
export interface PlacedRow extends EventRow {
  hash: string;
  offsets: Record<string, number>;
}

/** A tail that is further behind reads the log itself. */
const KEPT = 1_000;

/**
 * What this process placed last, so that its own tail need not read back what was written a moment ago. Some of it may
 * have been rolled back since: it counts only under the hash that stands in the log, which says all that came before, too.
 */
export class PlacedLately {
  private readonly rows = new Map<number, PlacedRow>();

  put(row: PlacedRow): void {
    this.rows.delete(row.seq);
    if (this.rows.size >= KEPT) this.rows.delete(this.rows.keys().next().value!);
    this.rows.set(row.seq, row);
  }

  /** `undefined`: not known to be what stands there. */
  get(seq: number, hash: string): PlacedRow | undefined {
    const row = this.rows.get(seq);
    return row?.hash === hash ? row : undefined;
  }
}
