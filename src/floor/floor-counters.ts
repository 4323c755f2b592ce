import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Presence, QueueFirst, QueueId, QueueItemCard, QueueStats } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { Beat } from '../deadlines/beat.js';
import { stubOf } from '../domain/access/stub.js';
import { dayStart } from '../domain/calendar/day-start.js';
import { FloorTally } from '../domain/floor/floor-tally.js';
import type { FloorRules } from '../domain/floor/urgency.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { LatestValues } from '../event-log/latest-values.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Tail } from '../event-log/tail.js';
import { FloorPolicy } from './floor-policy.js';
import { FloorStore } from './floor-store.js';

/**
 * How each queue and the seats stand, told to their rooms [FL1] [FL5]. Memory of this node: begun with the log's cards as of
 * one place, then kept by the events after it. An event that does not follow the last one (the log was read before this
 * node's tail began) means that something was not seen here, and all begins anew.
 */
@Injectable()
export class FloorCounters implements OnModuleInit {
  private tally: FloorTally | undefined;
  /** What the tally counts by. */
  private rules: FloorRules | undefined;
  /** Of the last event in the tally. */
  private seq = 0;
  /** Events that came while the cards were being read. */
  private meanwhile: LoggedEvent[] | undefined;
  private readonly told = new Map<string, string>();
  private readonly toldFirst = new Map<QueueId, QueueItemCard[]>();

  constructor(
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly clock: Clock,
    private readonly latestValues: LatestValues,
    private readonly store: FloorStore,
    private readonly policy: FloorPolicy,
  ) {}

  /** How the floor stands as of now; `undefined` while the counters begin anew. */
  get standing(): { queues: Record<QueueId, QueueStats>; seats: Record<Presence, number> } | undefined {
    return this.tally && { queues: this.allStats(this.tally, this.clock.now()), seats: this.tally.seats() };
  }

  onModuleInit(): void {
    this.tail.onPlaced((events) => this.take(events));
    // The next beat begins anew.
    this.tail.onNewLog(() => (this.tally = undefined));
    this.beat.each(async () => {
      const countsByOthers = !isDeepStrictEqual(this.rules, this.policy.rules);
      if (!this.tally || countsByOthers || this.tail.position > this.seq) await this.beginAnew();
      // Time alone makes work at risk or breached, and begins a new day.
      else this.tellAll();
    });
  }

  private async beginAnew(): Promise<void> {
    this.tally = undefined;
    this.meanwhile = [];
    try {
      const state = await this.store.state(dayStart(this.clock.now()));
      this.rules = this.policy.rules;
      const tally = new FloorTally(this.rules);
      for (const item of state.items) tally.putItem(item);
      for (const seat of state.seats) tally.putSeat(seat);
      for (const { queueId, at } of state.expired) tally.offerExpired(queueId, at);
      this.tally = tally;
      this.seq = state.seq;
    } finally {
      const { meanwhile } = this;
      this.meanwhile = undefined;
      this.take(meanwhile);
    }
    this.tellAll();
  }

  private take(events: readonly LoggedEvent[]): void {
    if (this.meanwhile) {
      this.meanwhile.push(...events);
      return;
    }
    if (!this.tally) return;
    const touched = new Set<QueueId | 'seats'>();
    for (const event of events) {
      if (event.seq <= this.seq) continue;
      if (event.seq > this.seq + 1) {
        // The next beat begins anew.
        this.tally = undefined;
        return;
      }
      this.seq = event.seq;
      const changed = this.tally.apply(event);
      if (changed) touched.add(changed);
    }
    this.tell(touched);
  }

  private tellAll(): void {
    this.tell(new Set([...QUEUE_IDS, 'seats' as const]));
  }

  private tell(touched: ReadonlySet<QueueId | 'seats'>): void {
    if (!this.tally || touched.size === 0) return;
    const now = this.clock.now();
    let anyQueue = false;
    for (const queueId of QUEUE_IDS) {
      if (!touched.has(queueId)) continue;
      const stats = this.tally.stats(queueId, now);
      if (this.publish(`queue:${queueId}`, 'queue.stats', stats)) {
        anyQueue = true;
        this.latestValues.publish(`head:${queueId}`, 'queue.stats', stats);
      }
      this.tellFirst(queueId, this.tally.first(queueId, this.policy.firstItems));
    }
    if (anyQueue) this.latestValues.publish('floor', 'floor.queues', this.allStats(this.tally, now));
    if (touched.has('seats')) {
      this.publish('floor', 'floor.seats', this.tally.seats() satisfies Record<Presence, number>);
    }
  }

  private allStats(tally: FloorTally, now: number): Record<QueueId, QueueStats> {
    const all = QUEUE_IDS.map((queueId) => [queueId, tally.stats(queueId, now)]);
    return Object.fromEntries(all) as Record<QueueId, QueueStats>;
  }

  /** [FL5] The cards of a tally are never changed, only exchanged. */
  private tellFirst(queueId: QueueId, first: QueueItemCard[]): void {
    const before = this.toldFirst.get(queueId);
    if (before?.length === first.length && before.every((item, i) => item === first[i])) return;
    this.toldFirst.set(queueId, first);
    this.latestValues.publish(`head:${queueId}`, 'queue.first', first.map(asShown));
  }

  /** Answers false when it was told already. */
  private publish(room: string, key: string, data: unknown): boolean {
    const text = JSON.stringify(data);
    const name = `${room}\n${key}`;
    if (this.told.get(name) === text) return false;
    this.told.set(name, text);
    this.latestValues.publish(room, key, data);
    return true;
  }
}

/** [DG4] */
function asShown(item: QueueItemCard): QueueFirst[number] {
  return item.visibility === 'confidential' ? (stubOf(`item:${item.itemId}`, item) as QueueFirst[number]) : item;
}
