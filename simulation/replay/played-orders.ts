import type { AutoDispatch } from './agreement.js';
import type { RecordedRow } from './recorded-rows.js';

/** What the replay knows of the orders that its rows became. */
export class PlayedOrders {
  /** Acknowledged by the hub: these must be there at the end. */
  readonly acknowledged = new Map<string, RecordedRow>();
  readonly refused: { line: number; code: string; field: string | null }[] = [];
  duplicates = 0;
  private readonly fresh = new Set<string>();
  /** Whether the hub dispatched by itself, or left it to a person. */
  private readonly decided = new Map<string, AutoDispatch | null>();
  private readonly finished = new Set<string>();
  private readonly undecided = new Set<string>();
  private readonly unfinished = new Set<string>();
  private readonly bySourceId: ReadonlyMap<string, RecordedRow>;

  constructor(rows: readonly RecordedRow[]) {
    this.bySourceId = new Map(rows.map((row) => [row.request.sourceId, row]));
  }

  acknowledge(orderNo: string, row: RecordedRow, duplicate: boolean): void {
    this.acknowledged.set(orderNo, row);
    if (duplicate) {
      this.duplicates += 1;
      return;
    }
    this.fresh.add(orderNo);
    // The consoles may have been told before the answer came.
    if (!this.decided.has(orderNo)) this.undecided.add(orderNo);
    if (!this.finished.has(orderNo)) this.unfinished.add(orderNo);
  }

  decide(orderNo: string, auto: AutoDispatch | null): void {
    if (!this.decided.has(orderNo)) this.decided.set(orderNo, auto);
    this.undecided.delete(orderNo);
  }

  finish(orderNo: string): void {
    this.finished.add(orderNo);
    this.unfinished.delete(orderNo);
    this.decide(orderNo, null);
  }

  get received(): number {
    return this.acknowledged.size;
  }
  get new(): number {
    return this.fresh.size;
  }
  get waitingForDecision(): number {
    return this.undecided.size;
  }
  get inWork(): number {
    return this.unfinished.size;
  }

  /** `sourceId` finds it too when the answer to its registration is still on its way. */
  row(orderNo: string, sourceId?: string): RecordedRow | undefined {
    return this.acknowledged.get(orderNo) ?? (sourceId === undefined ? undefined : this.bySourceId.get(sourceId));
  }

  /** New orders that the hub dispatched by itself. */
  *dispatchedByHub(): Iterable<{ row: RecordedRow; auto: AutoDispatch }> {
    for (const [orderNo, auto] of this.decided) {
      const row = this.fresh.has(orderNo) ? this.acknowledged.get(orderNo) : undefined;
      if (row && auto) yield { row, auto };
    }
  }
}
