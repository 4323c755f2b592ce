import { faultOf, reasonOf } from './mariadb-fault.js';
import type { MariadbPool } from './mariadb-pool.js';
import type { MariadbReplica } from './mariadb-replica.js';
import type { MariadbSession } from './mariadb-session.js';
import { MariadbReadTx } from './mariadb-tx.js';
import { ReadModel, type ReadOptions, type ReadTx, StorageUnavailable } from './unit-of-work.js';

/** Connections that were lost while nobody used them are found out one by one. */
const MOST_TRIES = 4;

/** A read that nothing was answered to yet, and whose connection is gone. */
class Unbegun extends Error {}

/** Reads on connections of their own, each in a read-only transaction whose view is that of its first statement. */
export class MariadbReadModel extends ReadModel {
  /** `replica`: what may lag is read there, and here when it does not serve, from the beginning. */
  constructor(
    private readonly primary: MariadbPool,
    private readonly replica?: MariadbReplica,
  ) {
    super();
  }

  async run<T>(work: (tx: ReadTx) => Promise<T>, { mayLag = false }: ReadOptions = {}): Promise<T> {
    if (mayLag && this.replica?.serves) {
      try {
        return await this.replica.whileItServes(this.once(this.replica.pool, work));
      } catch (error) {
        if (!(error instanceof Unbegun || error instanceof StorageUnavailable)) throw error;
        this.replica.failed();
      }
    }
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(this.primary, work);
      } catch (error) {
        if (!(error instanceof Unbegun)) throw error;
        if (tries === MOST_TRIES) throw new StorageUnavailable(error.message);
      }
    }
  }

  private async once<T>(pool: MariadbPool, work: (tx: ReadTx) => Promise<T>): Promise<T> {
    const session = await this.session(pool);
    const tx = new MariadbReadTx(session);
    try {
      const value = await work(tx);
      if (tx.failure) throw tx.failure;
      return value;
    } catch (error) {
      if (!tx.failure) throw error;
      if (tx.answered) throw new StorageUnavailable(reasonOf(tx.failure));
      throw new Unbegun(reasonOf(tx.failure));
    } finally {
      tx.end();
      const givenBack = this.giveBack(session, tx.failure);
      // The answer need not wait for it, but the next try has to know what came of it.
      if (tx.failure) await givenBack;
    }
  }

  private async session(pool: MariadbPool): Promise<MariadbSession> {
    try {
      return await pool.take();
    } catch (error) {
      if (error instanceof StorageUnavailable || faultOf(error) === 'other') throw error;
      throw new Unbegun(reasonOf(error));
    }
  }

  private async giveBack(session: MariadbSession, failure: Error | undefined): Promise<void> {
    try {
      if (failure && faultOf(failure) === 'lost') session.destroy();
      else {
        // One that has lost the others refuses even this, and is left; to a read it only says that it could not wait for them.
        await session.say('COMMIT');
        session.release();
      }
    } catch {
      session.destroy();
    }
  }
}
