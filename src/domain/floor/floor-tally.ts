import type { Presence, QueueId, QueueItemCard, QueueStats, SeatCard } from '../../../client-sdk/src/protocol/index.js';
import { QUEUE_IDS } from '../queue/queues-of.js';
import { type FloorEvent, itemShown, seatShown } from './floor-event.js';
import { QueueTally } from './queue-tally.js';
import type { FloorRules } from './urgency.js';

export const PRESENCES: readonly Presence[] = ['offline', 'ready', 'busy', 'wrap_up', 'break', 'training'];

/** How the floor stands: begun with the cards of one moment, kept up to date by the events after it, in their order [FL4]. */
export class FloorTally {
  private readonly items = new Map<string, QueueItemCard>();
  private readonly presences = new Map<string, Presence>();
  private readonly bySeats = Object.fromEntries(PRESENCES.map((presence) => [presence, 0])) as Record<Presence, number>;
  private readonly queues: Record<QueueId, QueueTally>;

  constructor(rules: FloorRules) {
    const tallies = QUEUE_IDS.map((queueId) => [queueId, new QueueTally(rules)] as const);
    this.queues = Object.fromEntries(tallies) as Record<QueueId, QueueTally>;
  }

  /** Answers what has changed: a queue, the seats, or nothing that is counted here. */
  apply(event: FloorEvent): QueueId | 'seats' | undefined {
    const item = itemShown(event);
    if (item) {
      this.takeOut(item.itemId);
      if (event.type !== 'queue.item_done') this.putItem(item);
      if (event.type === 'queue.item_expired') this.offerExpired(item.queueId, event.at);
      return item.queueId;
    }
    const seat = seatShown(event);
    if (!seat) return undefined;
    this.putSeat(seat);
    return 'seats';
  }

  putItem(item: QueueItemCard): void {
    this.items.set(item.itemId, item);
    this.queues[item.queueId].add(item);
  }

  putSeat({ seatId, presence }: SeatCard): void {
    const before = this.presences.get(seatId);
    if (before !== undefined) this.bySeats[before] -= 1;
    this.presences.set(seatId, presence);
    this.bySeats[presence] += 1;
  }

  offerExpired(queueId: QueueId, at: number): void {
    this.queues[queueId].offerExpired(at);
  }

  stats(queueId: QueueId, now: number): QueueStats {
    return this.queues[queueId].stats(now);
  }

  first(queueId: QueueId, count: number): QueueItemCard[] {
    return this.queues[queueId].first(count);
  }

  seats(): Record<Presence, number> {
    return { ...this.bySeats };
  }

  private takeOut(itemId: string): void {
    const item = this.items.get(itemId);
    if (!item) return;
    this.items.delete(itemId);
    this.queues[item.queueId].remove(item);
  }
}
