import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { QueueId, QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { Beat } from '../deadlines/beat.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { LatestValues } from '../event-log/latest-values.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { ItemStore } from './item-store.js';

type Counted = Pick<QueueItemCard, 'queueId' | 'state' | 'queuedAt'>;

/**
 * How full each queue is, told to its room. Memory of this node: read from the rows once, then kept by the log's events.
 * Each item's events come in order, so whatever the rows were ahead of, the last event of an item makes it right.
 */
@Injectable()
export class QueueCounters implements OnModuleInit {
  private items = new Map<string, Counted>();
  /** Events that came while the rows were being read. */
  private meanwhile: LoggedEvent[] | undefined;
  private sure = false;

  constructor(
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly latestValues: LatestValues,
    private readonly readModel: ReadModel,
    private readonly store: ItemStore,
  ) {}

  onModuleInit(): void {
    this.tail.onPlaced((events) => this.take(events));
    this.beat.each(() => this.recount());
  }

  /** Until the tail is known to have been at work before the rows were read: what lay between would never be told. */
  private async recount(): Promise<void> {
    if (this.sure) return;
    const follows = this.tail.position > 0;
    this.meanwhile = [];
    try {
      const open = await this.readModel.run((tx) => this.store.allOpen(tx));
      this.items = new Map(open.map((item) => [item.itemId, item as Counted]));
      this.sure = follows;
    } finally {
      const meanwhile = this.meanwhile;
      this.meanwhile = undefined;
      for (const event of meanwhile) this.apply(event);
    }
    for (const queueId of QUEUE_IDS) this.publish(queueId);
  }

  private take(events: readonly LoggedEvent[]): void {
    const touched = new Set<QueueId>();
    for (const event of events) {
      if (!event.type.startsWith('queue.')) continue;
      if (this.meanwhile) this.meanwhile.push(event);
      else touched.add(this.apply(event));
    }
    for (const queueId of touched) this.publish(queueId);
  }

  private apply(event: LoggedEvent): QueueId {
    const { itemId, queueId, state, queuedAt } = event.card as QueueItemCard;
    if (event.type === 'queue.item_done') this.items.delete(itemId);
    else this.items.set(itemId, { queueId, state, queuedAt });
    return queueId;
  }

  private publish(queueId: QueueId): void {
    const counts = { queued: 0, offered: 0, claimed: 0 };
    let oldestQueuedAt: number | null = null;
    for (const item of this.items.values()) {
      if (item.queueId !== queueId) continue;
      counts[item.state] += 1;
      if (item.state === 'queued' && (oldestQueuedAt === null || item.queuedAt < oldestQueuedAt)) {
        oldestQueuedAt = item.queuedAt;
      }
    }
    const { queued: waiting, offered, claimed } = counts;
    this.latestValues.publish(`queue:${queueId}`, 'queue.stats', { waiting, offered, claimed, oldestQueuedAt });
  }
}
