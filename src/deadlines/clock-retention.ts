import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { UnitOfWork } from '../storage/unit-of-work.js';
import { Beat } from './beat.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_MS = 7 * DAY_MS;
const EVERY_MS = 60_000;
/** Rows of one transaction: pruning may never hold up a command. */
const BATCH = 200;

/**
 * Forgets clocks 7 days after they ended, in small batches. [CK7]
 *
 * Nothing can mistake the gap for something else. A clock's id is never used a second time: it follows from the id of the
 * command that started it, and that one is new each time, or follows from a clock that rang, which happens once. The
 * command with that id has one effect while its answer is kept, 7 days from the start [I7]; the row is kept 7 days from
 * the end, so it stands at least as long and keeps a second clock of its name out. And the command that a clock issues,
 * whose id follows from the clock's, is issued only for a row that stands, runs and is due: a late alarm of a forgotten
 * clock finds none and says nothing, whether or not the answer of its command is still remembered.
 */
@Injectable()
export class ClockRetention {
  private nextAt = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    beat: Beat,
  ) {
    beat.each(() => this.prune());
  }

  async prune(): Promise<void> {
    const now = this.clock.now();
    if (now < this.nextAt) return;
    const pruned = await this.pruneBatch(now - KEPT_MS);
    // A full batch means that more waits: go on at the next beat.
    this.nextAt = pruned === BATCH ? now : now + EVERY_MS;
  }

  /** Running clocks have no end, however old they are. */
  private pruneBatch(before: number): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const ended = await tx.all<{ clock_id: string }>(
        'SELECT clock_id FROM clock WHERE ended_at < ? ORDER BY ended_at LIMIT ?',
        [before, BATCH],
      );
      for (const { clock_id } of ended) await tx.run('DELETE FROM clock WHERE clock_id = ?', [clock_id]);
      return ended.length;
    });
  }
}
