import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { matchOffers } from '../../domain/queue/match-offers.js';
import { QUEUE_IDS } from '../../domain/queue/queues-of.js';
import { isIdle } from '../../domain/queue/seat.js';
import { ok, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';
import { ItemStore, type StoredItem } from '../item-store.js';
import { QueuePolicy } from '../queue-policy.js';
import { SeatStore, type StoredSeat } from '../seat-store.js';

/** Bounds how long one transaction may hold up the others. */
const MOST_AT_ONCE = 50;

export class OfferItemsPayload {}

/** Offers as many waiting items to idle seats as there are of both, in one transaction. Who comes too late finds less. */
@Handles('offerItems')
export class OfferItems extends CommandHandler<OfferItemsPayload, { offered: number }> {
  readonly payload = OfferItemsPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly handover: Handover,
    private readonly items: ItemStore,
    private readonly seats: SeatStore,
    private readonly policy: QueuePolicy,
  ) {
    super();
  }

  async handle(_payload: OfferItemsPayload, context: CommandContext): Promise<Result<{ offered: number }>> {
    const { tx } = context;
    const waiting: StoredItem[] = [];
    const idle = new Map<string, StoredSeat>();
    for (const queueId of QUEUE_IDS) {
      const first = await this.items.waiting(tx, queueId, MOST_AT_ONCE);
      waiting.push(...first);
      if (first.length === 0) continue;
      for (const seat of await this.seats.idle(tx, queueId, this.policy.capacity, MOST_AT_ONCE))
        idle.set(seat.seatId, seat);
    }
    const matches = matchOffers(waiting, [...idle.values()], MOST_AT_ONCE);
    // Every node locks seats in the same order, so that none waits for another in a circle.
    matches.sort((a, b) => (a.seat.seatId < b.seat.seatId ? -1 : 1));
    let offered = 0;
    for (const { item, seat } of matches) if (await this.offer(context, item.itemId, seat.seatId)) offered += 1;
    return ok({ offered });
  }

  /** Looks again under the locks: another node may have matched the same item, or the same seat. [I4] */
  private async offer(context: CommandContext, itemId: string, seatId: string): Promise<boolean> {
    const seat = await this.seats.lock(context.tx, seatId);
    const item = await this.items.lock(context.tx, itemId);
    if (!seat || !item || !isIdle(seat, this.policy.capacity) || item.state !== 'queued') return false;
    await this.handover.offer(context, seat, item);
    return true;
  }
}
