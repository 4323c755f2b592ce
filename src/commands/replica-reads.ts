import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import { lastSignOfDuty } from '../event-log/duty.js';
import type { Actor } from '../identity/actor.js';
import { SharedTime } from '../storage/shared-time.js';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';

/** An older view is shown to nobody. */
const MOST_LAG_MS = 5_000;
/** So long after a command its actor reads at the primary: longer than any view is old, and than nodes' clocks differ. */
const OWN_WRITES_MS = 15_000;

/** The replica is too far behind, or nobody knows how far. */
class Stale extends Error {}

/**
 * Searches and pages of the past, which may be a few seconds old and go to the replica where there is one [LD8]. Only for
 * who may see all of it anyway: rights to single orders would be as old as the view.
 */
@Injectable()
export class ReplicaReads {
  private readonly replica: boolean;

  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly time: SharedTime,
    settings: Settings,
  ) {
    this.replica = settings.databaseReplicaUrl !== undefined;
  }

  /** Who has just written finds it: such an actor reads at the primary, and so do all while the replica lags or is away. */
  async run<T>(actor: Actor, work: (tx: ReadTx) => Promise<T>): Promise<T> {
    if (!this.replica) return this.readModel.run(work);
    const { now, hasWritten } = await this.askPrimary(actor);
    if (hasWritten) return this.readModel.run(work);
    try {
      return await this.readModel.run(
        async (tx) => {
          if ((await lastSignOfDuty(tx)) < now - MOST_LAG_MS) throw new Stale();
          return work(tx);
        },
        { mayLag: true },
      );
    } catch (error) {
      if (error instanceof Stale) return this.readModel.run(work);
      throw error;
    }
  }

  /** `now`: by the time of all, by which the node on duty signs: a replica's machine may have another one. */
  private askPrimary({ userId }: Actor): Promise<{ now: number; hasWritten: boolean }> {
    return this.readModel.run(async (tx) => {
      const written = await tx.one('SELECT at FROM command WHERE actor_id = ? AND at > ? LIMIT 1', [
        userId,
        this.clock.now() - OWN_WRITES_MS,
      ]);
      return { now: await this.time.now(tx), hasWritten: written !== undefined };
    });
  }
}
