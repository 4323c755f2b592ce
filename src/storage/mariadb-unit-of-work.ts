import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { type Fault, faultOf, isDuplicateKey, reasonOf } from './mariadb-fault.js';
import type { MariadbPool } from './mariadb-pool.js';
import type { MariadbSession } from './mariadb-session.js';
import { MariadbTx } from './mariadb-tx.js';
import { type Repeat, StorageUnavailable, type Turn, type Tx, UnitOfWork } from './unit-of-work.js';

/** Work that met so many conflicts, or waited so long for a database, is given up: whoever asked may ask again. */
const MOST_CONFLICTS = 12;
const PATIENCE_MS = 10_000;
/** Before the next try, at random between nothing and this, doubled each time up to the longest. */
const FIRST_PAUSE_MS = 8;
const LONGEST_PAUSE_MS = 500;
/** A mark is looked at within seconds or never. */
const MARKS_KEPT_S = 3_600;
/** So many old ones go with every so-many-th new one. */
const MARKS_AT_ONCE = 200;
const MARKS_BETWEEN = 100;

/** The transaction is gone, and the work may be run again. */
class Again extends Error {
  constructor(override readonly cause: unknown) {
    super(reasonOf(cause));
  }
}

/** One piece of work over all its tries. */
interface Job<T> {
  work: (tx: Tx) => Promise<T>;
  /** By which a later try finds out whether this one was kept; none for work that finds that out by itself. */
  mark: string | undefined;
  /** The commit was sent and never answered: if it was kept, this is what the work had answered. */
  unsettled: { value: T } | undefined;
  /** The tables that any try has inserted into: of one whose commit was not answered the rows may stand. */
  added: Set<string>;
}

/**
 * Each piece of work in a transaction of its own on a connection of its own, READ COMMITTED. Deadlocks, lock waits and
 * conflicts of a cluster's certification are run again, whole. So is what lost its connection; where the answer to a commit
 * was lost, its mark (or, for a command, the row of its id) tells the next try whether it was kept [I7].
 */
export class MariadbUnitOfWork extends UnitOfWork {
  private readonly steps: ((tx: Tx) => Promise<void>)[] = [];
  private readonly listeners: ((added: ReadonlySet<string>) => void)[] = [];
  private readonly tryListeners: ((reason: Fault) => void)[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private marks = 0;

  constructor(
    private readonly pool: MariadbPool,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    super();
  }

  /** Whose turn it is plays no part here: nobody waits for the work of others but for the rows that both need. */
  run<T>(work: (tx: Tx) => Promise<T>, _turn?: Turn, repeat: Repeat = 'once'): Promise<T> {
    const mark = repeat === 'once' ? randomUUID() : undefined;
    const done = this.persist({ work, mark, unsettled: undefined, added: new Set() });
    this.running.add(done);
    const forget = () => this.running.delete(done);
    done.then(forget, forget);
    return done;
  }

  beforeCommit(step: (tx: Tx) => Promise<void>): void {
    this.steps.push(step);
  }

  onCommit(listener: (added: ReadonlySet<string>) => void): void {
    this.listeners.push(listener);
  }

  /** Called whenever work is run again, with why. */
  onTryAgain(listener: (reason: Fault) => void): void {
    this.tryListeners.push(listener);
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private async persist<T>(job: Job<T>): Promise<T> {
    const begun = performance.now();
    let conflicts = 0;
    for (let tries = 1; ; tries++) {
      try {
        const value = await this.once(job);
        for (const listener of this.listeners) listener(job.added);
        return value;
      } catch (error) {
        if (!(error instanceof Again)) throw error;
        const fault = faultOf(error.cause);
        if (fault === 'conflict') conflicts += 1;
        if (conflicts === MOST_CONFLICTS || performance.now() - begun > this.patienceMs) {
          throw new StorageUnavailable(error.message);
        }
        for (const listener of this.tryListeners) listener(fault);
        await after(randomInt(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries)));
      }
    }
  }

  private async once<T>(job: Job<T>): Promise<T> {
    const session = await this.session();
    const tx = new MariadbTx(session, job.added);
    let sent = false;
    try {
      if (job.unsettled && job.mark !== undefined && !(await this.leaveMark(tx, job.mark))) {
        await this.undo(session);
        return job.unsettled.value;
      }
      const marked = job.unsettled !== undefined;
      job.unsettled = undefined;
      const value = await job.work(tx);
      for (const step of this.steps) await step(tx);
      if (job.mark !== undefined && !marked) await this.leaveMark(tx, job.mark);
      if (tx.failure) throw tx.failure;
      tx.end();
      sent = true;
      job.unsettled = { value };
      await session.say('COMMIT');
      session.release();
      return value;
    } catch (error) {
      tx.end();
      const cause = tx.failure ?? error;
      const fault = faultOf(cause);
      // Only silence leaves it open what became of a commit.
      if (sent && fault !== 'lost') job.unsettled = undefined;
      if (fault === 'lost') session.destroy();
      else await this.undo(session);
      throw fault === 'other' ? error : new Again(cause);
    }
  }

  private async session(): Promise<MariadbSession> {
    try {
      return await this.pool.take();
    } catch (error) {
      // Who has waited for a connection in vain is not made to wait again.
      if (error instanceof StorageUnavailable || faultOf(error) === 'other') throw error;
      throw new Again(error);
    }
  }

  /** False when it stands there already. An earlier transaction that has not ended yet is waited for. */
  private async leaveMark(tx: Tx, mark: string): Promise<boolean> {
    this.marks += 1;
    if (this.marks % MARKS_BETWEEN === 0) {
      await tx.run('DELETE FROM commit_mark WHERE at < UNIX_TIMESTAMP() - ? ORDER BY at LIMIT ?', [
        MARKS_KEPT_S,
        MARKS_AT_ONCE,
      ]);
    }
    try {
      await tx.run('INSERT INTO commit_mark (mark, at) VALUES (?, UNIX_TIMESTAMP())', [mark]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async undo(session: MariadbSession): Promise<void> {
    try {
      await session.say('ROLLBACK');
      session.release();
    } catch {
      session.destroy();
    }
  }
}
