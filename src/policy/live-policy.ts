import { Logger } from '@nestjs/common';
import { type HeldValue, type Policy } from '../config/policy.js';
import { type Beat } from '../deadlines/beat.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { type Tail } from '../event-log/tail.js';
import { type ReadModel, type ReadTx } from '../storage/unit-of-work.js';
import { type PolicyStore } from './policy-store.js';

/**
 * Keeps this node's `Policy` as the database has it: read before anything asks, then by the log's events, and no value
 * before its commit is sure. Values carry their versions, so it does not matter in which order, or how often, they are
 * heard of; what was heard of another log counts no more. [PC4]
 */
export class LivePolicy {
  /** The tail was at work when the rows were last read: what they miss it will tell. */
  private sure = false;
  private following = false;
  /** The rows of a new log are still to be read: what it has told since. */
  private toldAnew: HeldKey[] | undefined;
  private reading: Promise<void> | undefined;
  private readonly log = new Logger('LivePolicy');

  private constructor(
    private readonly policy: Policy,
    private readonly store: PolicyStore,
    private readonly readModel: ReadModel,
  ) {}

  static async open(
    this: void,
    policy: Policy,
    store: PolicyStore,
    readModel: ReadModel,
    tail: Tail,
    beat: Beat,
  ): Promise<LivePolicy> {
    const live = new LivePolicy(policy, store, readModel);
    await live.read();
    tail.onPlaced((events) => live.take(events));
    tail.onNewLog(() => live.beginAnew());
    // What an outage kept from being read is tried again.
    beat.each(() => live.makeSure());
    return live;
  }

  /** Reads the rows: what is in force by now holds here afterwards. */
  async read(): Promise<void> {
    const { toldAnew } = this;
    const held = await this.readModel.run((tx) => this.store.held(tx));
    // The log became another one, which these rows may not be of.
    if (toldAnew !== this.toldAnew) return this.read();
    if (toldAnew) this.policy.holdOnly([...held, ...toldAnew]);
    else for (const { key, value, unit, version } of held) this.policy.hold(key, { value, unit, version });
    this.toldAnew = undefined;
  }

  /** Resolves when what came into force with this version, or before it, holds on this node. */
  async reached(version: number): Promise<void> {
    if (this.policy.version < version) await this.read();
  }

  /** Whether what runs is counted anew by a later change of this policy as well. [PC6] */
  recountsLater(tx: ReadTx, key: string, version: number): Promise<boolean> {
    return this.store.recountsLater(tx, key, version);
  }

  private take(events: readonly LoggedEvent[]): void {
    for (const { type, data } of events) {
      if (type !== 'policy.changed') continue;
      const { key, value, unit, version } = data as unknown as HeldKey;
      this.policy.hold(key, { value, unit, version });
      this.toldAnew?.push({ key, value, unit, version });
    }
    this.following = true;
    if (!this.sure) this.beSure();
  }

  private beginAnew(): void {
    this.toldAnew = [];
    this.sure = false;
    this.beSure();
  }

  private beSure(): void {
    void this.makeSure().catch((error: unknown) => this.log.error('not read; tried again soon', error));
  }

  private makeSure(): Promise<void> {
    if (!this.following || this.sure) return Promise.resolve();
    return (this.reading ??= this.read()
      .then(() => void (this.sure = true))
      .finally(() => (this.reading = undefined)));
  }
}

type HeldKey = HeldValue & { key: string };
