import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { Beat } from './beat.js';
import { Pruning } from './pruning.js';

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
export class ClockRetention extends Pruning {
  constructor(unitOfWork: UnitOfWork, clock: Clock, beat: Beat) {
    super(unitOfWork, clock, beat, [pruneEndedClocks]);
  }
}

/** Running clocks have no end, however old they are. */
async function pruneEndedClocks(tx: Tx, before: number, limit: number): Promise<number> {
  const ended = await tx.all<{ clock_id: string }>(
    'SELECT clock_id FROM clock WHERE ended_at < ? ORDER BY ended_at LIMIT ?',
    [before, limit],
  );
  for (const { clock_id } of ended) await tx.run('DELETE FROM clock WHERE clock_id = ?', [clock_id]);
  return ended.length;
}
