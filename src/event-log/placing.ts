import { randomUUID } from 'node:crypto';
import type { ReadTx, UnitOfWork } from '../storage/unit-of-work.js';
import type { Audience } from './event-log.js';
import { PlacedLately, type PlacedRow } from './placed-lately.js';

/** An event that is committed and has no place yet. */
export interface WaitingEvent {
  subject: string;
  audience: Audience;
}

/** How committed events get their place in the log: one seq, and an offset in each of their rooms. [I2] */
export abstract class Placing {
  constructor(protected readonly unitOfWork: UnitOfWork) {}

  /** Called when events may have got their place, here or elsewhere; may be lost without harm. */
  abstract onPlaced(listener: () => void): void;

  /** What this view shows the effects of, and the log does not tell yet. */
  abstract waiting(tx: ReadTx): Promise<WaitingEvent[]>;

  /** How many of them there are. */
  abstract waitingCount(tx: ReadTx): Promise<number>;

  /** The row of the one that stands first in line. */
  abstract oldestWaiting(tx: ReadTx): Promise<number | undefined>;

  /** The event of this place, where it need not be read for it. */
  lately(_seq: number, _hash: string): PlacedRow | undefined {
    return undefined;
  }

  /** Resolves when what was committed before the call was placed, or could not be. */
  abstract settled(): Promise<void>;

  /**
   * The log of this epoch is another one from now on, if nobody has said so before: all who followed it begin anew, and
   * none of its consumers stands beyond its end.
   */
  async endEpoch(epoch: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      // Places in the old log are kept before this, or not at all (`kept-places.ts`).
      await tx.all(`SELECT name FROM consumer${tx.forUpdate}`);
      const end = '(SELECT seq FROM log_head WHERE id = 1)';
      await tx.run(`UPDATE consumer SET seq = ${end} WHERE seq > ${end}`);
      await tx.run('UPDATE log_head SET epoch = ? WHERE id = 1 AND epoch = ?', [randomUUID(), epoch]);
    });
  }
}

/** As the last step of each transaction, so that nothing is ever without a place: one database, one writer. */
export class PlacingAtCommit extends Placing {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly placed = new PlacedLately(),
  ) {
    super(unitOfWork);
  }

  onPlaced(listener: () => void): void {
    this.unitOfWork.onCommit(listener);
  }

  waiting(): Promise<WaitingEvent[]> {
    return Promise.resolve([]);
  }

  waitingCount(): Promise<number> {
    return Promise.resolve(0);
  }

  oldestWaiting(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override lately(seq: number, hash: string): PlacedRow | undefined {
    return this.placed.get(seq, hash);
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }
}
