import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { ReadTx, UnitOfWork } from '../storage/unit-of-work.js';
import type { Audience } from './event-log.js';
import { LOOK_BACK_ROWS, OLDEST_WAITING, type PlacesAfterCommit } from './places-after-commit.js';
import type { PlacedRow } from './placed-lately.js';
import { Placing, type WaitingEvent } from './placing.js';
import { PlacingLead } from './placing-lead.js';
import { Overtaken } from './placing-line.js';
import type { WakeUp } from './wake-up.js';

/** An event that waits so long is no longer left to the leader. */
const LEFT_TO_LEADER_MS = 250;
/** What no word and no other look has found is found by this one; where it takes long it comes seldom. */
const LOOK_EVERY_MS = 1_000;
const LONGEST_SHARE_LOOKING = 0.1;
/** Lost rounds and outages are waited out so long at first, and at most. */
const FIRST_REST_MS = 2;
const LONGEST_REST_MS = 500;

/**
 * Places on a database of several nodes. One node at a time places for all, while it does so promptly; the others tell it
 * what they committed, watch, and step in. Here one placement runs and at most one is pending.
 */
export class PlacingAfterCommit extends Placing {
  private readonly log = new Logger('Placing');
  private readonly node = randomUUID();
  private readonly lead = new PlacingLead(this.node);
  private readonly listeners: (() => void)[] = [];
  private readonly closing = new AbortController();
  private running: Promise<void> | undefined;
  private wanted = false;
  /** Told when the next look has been, so that commits without end hold up nobody. */
  private asking: (() => void)[] = [];
  private watching: Promise<void> | undefined;
  private looking: Promise<void> | undefined;
  /** Events that got their place here, and rounds in which another node was first. */
  readonly done = { placed: 0, overtaken: 0 };

  constructor(
    private readonly places: PlacesAfterCommit,
    private readonly wakeUp: WakeUp,
    unitOfWork: UnitOfWork,
  ) {
    super(unitOfWork);
    unitOfWork.onCommit((added) => {
      if (added.has('event')) this.committed();
    });
    wakeUp.onWord((word, from) => {
      if (from === this.node) return;
      if (word === 'placed') this.placedBy(from);
      else if (word === 'committed' && this.lead.isOwn(performance.now())) this.place();
    });
    this.looking = this.lookOn();
  }

  onPlaced(listener: () => void): void {
    this.listeners.push(listener);
  }

  override lately(seq: number, hash: string): PlacedRow | undefined {
    return this.places.lately.get(seq, hash);
  }

  async waiting(tx: ReadTx): Promise<WaitingEvent[]> {
    const rows = await tx.all<{ subject: string; audience: string }>(
      'SELECT subject, audience FROM event FORCE INDEX (event_by_placed_id) WHERE placed = 0 ORDER BY id',
    );
    return rows.map(({ subject, audience }) => ({ subject, audience: JSON.parse(audience) as Audience }));
  }

  async waitingCount(tx: ReadTx): Promise<number> {
    const found = await tx.one<{ n: number }>(
      'SELECT COUNT(*) AS n FROM event FORCE INDEX (event_by_placed_id) WHERE placed = 0',
    );
    return found!.n;
  }

  /** Near the log's end, so that the look takes no longer where one who reads for hours keeps what was placed since. */
  async oldestWaiting(tx: ReadTx): Promise<number | undefined> {
    const head = (await tx.one<{ last_row: number }>('SELECT last_row FROM log_head WHERE id = 1'))!;
    const found = await tx.one<{ id: number }>(OLDEST_WAITING, [Math.max(0, head.last_row - LOOK_BACK_ROWS)]);
    return found?.id;
  }

  settled(): Promise<void> {
    if (this.closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.asking.push(resolve);
      this.place();
    });
  }

  /** What is left without a place is the other nodes', or that of the next start. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.running, this.watching, this.looking]);
    this.places.close();
  }

  private committed(): void {
    if (this.lead.isOwn(performance.now())) return this.place();
    this.wakeUp.call('committed', this.node);
    this.watching ??= this.watch();
  }

  private place(): void {
    this.wanted = true;
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    let restMs = 0;
    while (this.wanted && !this.closing.signal.aborted) {
      this.wanted = false;
      const asking = this.asking.splice(0);
      try {
        while ((await this.placeBatch()) && !this.closing.signal.aborted);
        restMs = 0;
        for (const tell of asking) tell();
      } catch (error) {
        this.wanted = true;
        this.asking.unshift(...asking);
        if (error instanceof Overtaken) this.done.overtaken += 1;
        else if (restMs < LONGEST_REST_MS) this.log.warn(`nothing could be placed; tried again: ${String(error)}`);
        await this.rest(restMs);
        restMs = Math.min(LONGEST_REST_MS, Math.max(FIRST_REST_MS, restMs * 2));
      }
    }
    this.running = undefined;
    for (const tell of this.asking.splice(0)) tell();
  }

  private async placeBatch(): Promise<boolean> {
    const { placed, more } = await this.places.placeBatch();
    if (placed > 0) {
      this.done.placed += placed;
      this.wakeUp.call('placed', this.node);
      this.placedBy(this.node);
    }
    return more;
  }

  private placedBy(node: string): void {
    this.lead.placed(node, performance.now());
    for (const listener of this.listeners) listener();
  }

  /** While something waits: whatever is still first in line when the leader's time is up is placed here. */
  private async watch(): Promise<void> {
    try {
      for (let before: number | undefined; !this.closing.signal.aborted;) {
        const oldest = await this.places.oldestWaiting();
        if (oldest === undefined) break;
        if (oldest === before || this.lead.isOwn(performance.now())) {
          this.place();
          break;
        }
        before = oldest;
        await this.rest(LEFT_TO_LEADER_MS);
      }
    } catch (error) {
      this.log.warn(`what waits could not be looked for; the next look tries again: ${String(error)}`);
    }
    this.watching = undefined;
  }

  private async lookOn(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const began = performance.now();
      const waits = await this.places.lookForStragglers().catch(() => true);
      if (waits) this.committed();
      const tookMs = performance.now() - began;
      await this.rest(Math.max(LOOK_EVERY_MS, tookMs / LONGEST_SHARE_LOOKING));
    }
  }

  private async rest(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}
