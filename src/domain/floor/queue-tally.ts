import type { QueueItemCard, QueueStats } from '../../../client-sdk/src/protocol/index.js';
import { dayStart } from '../calendar/day-start.js';
import { byTurn, dueOrderOf } from '../queue/queue-order.js';
import { SortedList } from './sorted-list.js';
import { atRiskFrom, type FloorRules } from './urgency.js';

/** An item and what its place in the queue rests on. */
interface Waiting {
  item: QueueItemCard;
  place: Parameters<typeof byTurn>[0];
}

const upwards = (a: number, b: number) => a - b;

/**
 * How one queue stands [FL1], kept up to date item by item: each change costs log n, and so does asking at any moment how
 * many are at risk, because those that time alone makes so are counted by their place in the list of such moments.
 */
export class QueueTally {
  private readonly waiting = new SortedList<Waiting>((a, b) => byTurn(a.place, b.place));
  private readonly queuedAt = new SortedList<number>(upwards);
  private readonly atRiskFrom = new SortedList<number>(upwards);
  private readonly dueAt = new SortedList<number>(upwards);
  private readonly inHand = { offered: 0, claimed: 0 };
  /** Offers that ended untaken, by the day in which they did; the latest two days. */
  private readonly expired = new Map<number, number>();

  constructor(private readonly rules: FloorRules) {}

  add(item: QueueItemCard): void {
    if (item.state === 'queued') {
      this.waiting.add(this.placed(item));
      this.queuedAt.add(item.queuedAt);
    } else this.inHand[item.state] += 1;
    const risky = atRiskFrom(item, this.rules.atRisk);
    if (risky === null) return;
    this.atRiskFrom.add(risky);
    this.dueAt.add(item.dueAt!);
  }

  /** Takes out an item that was added as exactly this. */
  remove(item: QueueItemCard): void {
    if (item.state === 'queued') {
      this.waiting.remove(this.placed(item));
      this.queuedAt.remove(item.queuedAt);
    } else this.inHand[item.state] -= 1;
    const risky = atRiskFrom(item, this.rules.atRisk);
    if (risky === null) return;
    this.atRiskFrom.remove(risky);
    this.dueAt.remove(item.dueAt!);
  }

  offerExpired(at: number): void {
    const day = dayStart(at);
    this.expired.set(day, (this.expired.get(day) ?? 0) + 1);
    if (this.expired.size > 2) this.expired.delete(Math.min(...this.expired.keys()));
  }

  stats(now: number): QueueStats {
    const breached = this.dueAt.upTo(now);
    return {
      waiting: this.waiting.size,
      ...this.inHand,
      oldestQueuedAt: this.queuedAt.least ?? null,
      // [FL2] What is past due was at risk before.
      atRisk: this.atRiskFrom.upTo(now) - breached,
      breached,
      // [FL3]
      expired: this.expired.get(dayStart(now)) ?? 0,
    };
  }

  /** The items whose turn is next, in order [QS1] [QS2]. */
  first(count: number): QueueItemCard[] {
    return this.waiting.first(count).map(({ item }) => item);
  }

  private placed(item: QueueItemCard): Waiting {
    const { itemId, critical, atHead, queuedAt } = item;
    const dueOrder = dueOrderOf(item, this.rules.patienceMs);
    return { item, place: { itemId, critical, atHead, queuedAt, dueOrder } };
  }
}
