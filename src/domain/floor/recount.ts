import type { Presence, QueueId, QueueItemCard, QueueStats, SeatCard } from '../../../client-sdk/src/protocol/index.js';
import { dayStart } from '../calendar/day-start.js';
import { QUEUE_IDS } from '../queue/queues-of.js';
import { type FloorEvent, itemShown, seatShown } from './floor-event.js';
import { PRESENCES } from './floor-tally.js';
import { type AtRiskRule, urgencyOf } from './urgency.js';

export interface FloorNumbers {
  queues: Record<QueueId, QueueStats>;
  seats: Record<Presence, number>;
}

/**
 * What the log alone says of the floor [FL4] [I8]: all of its events added up, and counted in the plainest way. Slow, and
 * shares nothing with the numbers that consoles see but the rules.
 */
export class Recount {
  readonly items = new Map<string, QueueItemCard>();
  readonly seats = new Map<string, SeatCard>();
  readonly expired: { queueId: QueueId; at: number }[] = [];

  add(event: FloorEvent): void {
    const item = itemShown(event);
    if (item && event.type === 'queue.item_done') this.items.delete(item.itemId);
    else if (item) this.items.set(item.itemId, item);
    if (item && event.type === 'queue.item_expired') this.expired.push({ queueId: item.queueId, at: event.at });
    const seat = seatShown(event);
    if (seat) this.seats.set(seat.seatId, seat);
  }

  numbers(now: number, rule: AtRiskRule): FloorNumbers {
    const items = [...this.items.values()];
    return {
      queues: Object.fromEntries(
        QUEUE_IDS.map((queueId) => [queueId, this.ofQueue(queueId, items, now, rule)]),
      ) as FloorNumbers['queues'],
      seats: Object.fromEntries(
        PRESENCES.map((presence) => [
          presence,
          [...this.seats.values()].filter((seat) => seat.presence === presence).length,
        ]),
      ) as FloorNumbers['seats'],
    };
  }

  private ofQueue(queueId: QueueId, all: QueueItemCard[], now: number, rule: AtRiskRule): QueueStats {
    const items = all.filter((item) => item.queueId === queueId);
    const waiting = items.filter(({ state }) => state === 'queued');
    return {
      waiting: waiting.length,
      offered: items.filter(({ state }) => state === 'offered').length,
      claimed: items.filter(({ state }) => state === 'claimed').length,
      oldestQueuedAt: waiting.length ? waiting.reduce((least, item) => Math.min(least, item.queuedAt), Infinity) : null,
      atRisk: items.filter((item) => urgencyOf(item, now, rule) === 'at_risk').length,
      breached: items.filter((item) => urgencyOf(item, now, rule) === 'breached').length,
      expired: this.expired.filter(({ queueId: id, at }) => id === queueId && dayStart(at) === dayStart(now)).length,
    };
  }
}
