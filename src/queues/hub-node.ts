import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import { SharedTime } from '../storage/shared-time.js';
import { ReadModel, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { SeatPolicy } from './seat-policy.js';
import { ServingSince } from './serving-since.js';
import { SocketStore } from './socket-store.js';

/**
 * This process among the nodes of the hub: a lease, by the time that all of them share, that it renews while it lives.
 * Whoever lives sees to it that the sockets of a node whose lease has run out count no longer. [PS4]
 */
@Injectable()
export class HubNode implements OnModuleInit, BeforeApplicationShutdown {
  /** Of this process alone, and of no other that ever ran. */
  readonly id = randomUUID();
  private readonly listeners: (() => void)[] = [];
  private ended = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly sockets: SocketStore,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly policy: SeatPolicy,
    private readonly servingSince: ServingSince,
    private readonly time: SharedTime,
  ) {}

  async onModuleInit(): Promise<void> {
    // In the embedded profile the database is this process's alone: nobody waits for the lease of one that was killed.
    const alone = this.settings.profile === 'embedded';
    await this.unitOfWork.run(async (tx) => {
      if (alone) await this.sockets.endOthers(tx, this.id);
      await this.renew(tx, await this.time.now(tx));
    });
  }

  /** Called when others took this node for dead, so that it has to say again whose consoles it holds. */
  onFreed(listener: () => void): void {
    this.listeners.push(listener);
  }

  /**
   * Since when the hub has served: as long as one of its nodes does. Another one counts that has renewed its lease since
   * this one began; a lease from before may be that of a hub that was killed as a whole.
   */
  async hubServesSince(tx: Tx): Promise<number> {
    const own = this.servingSince.at;
    const began = (await this.time.now(tx)) - (this.clock.now() - own);
    const others = await this.sockets.othersServeSince(tx, this.id, began + this.policy.leaseMs);
    return Math.min(own, others ?? own);
  }

  /** Called at each beat; mostly there is nothing to do. */
  async live(): Promise<void> {
    const { leaseMs } = this.policy;
    const quiet = await this.readModel.run(async (tx) =>
      this.sockets.allAlive(tx, this.id, await this.time.now(tx), leaseMs),
    );
    if (!quiet) await this.renewLease();
  }

  /** Writes at once that this node lives. */
  async renewLease(): Promise<void> {
    if (this.ended) return;
    const known = await this.unitOfWork.run(async (tx) => {
      const now = await this.time.now(tx);
      const alive = await this.renew(tx, now);
      await this.sockets.freeEnded(tx, now);
      return alive;
    });
    if (!known) for (const listener of this.listeners) listener();
  }

  private renew(tx: Tx, now: number): Promise<boolean> {
    return this.sockets.keepAlive(tx, this.id, this.servingSince.at, now + this.policy.leaseMs);
  }

  /** A node that says goodbye is not waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    await this.unitOfWork.run((tx) => this.sockets.end(tx, this.id));
  }
}
