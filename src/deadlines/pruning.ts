import { type Clock } from '../config/clock.js';
import { type Tx, type UnitOfWork } from '../storage/unit-of-work.js';
import type { Beat } from './beat.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** [I7] [CK7] What has served its time is kept this long. */
const KEPT_MS = 7 * DAY_MS;
const EVERY_MS = 60_000;
/** Rows of one transaction: pruning may never hold up a command. */
const BATCH = 200;

/** Deletes at most `limit` rows that are older than `before` (ms UTC), and answers how many. */
export type PruneBatch = (tx: Tx, before: number, limit: number) => Promise<number>;

/** Forgets rows 7 days after they have served their time, in small batches, each in a transaction of its own. */
export class Pruning {
  private nextAt = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    beat: Beat,
    private readonly batches: readonly PruneBatch[],
  ) {
    beat.each(() => this.prune());
  }

  async prune(): Promise<void> {
    const now = this.clock.now();
    if (now < this.nextAt) return;
    const pruned: number[] = [];
    for (const batch of this.batches) pruned.push(await this.unitOfWork.run((tx) => batch(tx, now - KEPT_MS, BATCH)));
    // A full batch means that more waits: go on at the next beat.
    this.nextAt = pruned.includes(BATCH) ? now : now + EVERY_MS;
  }
}
