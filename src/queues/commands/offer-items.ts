import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { askingOf, type Floor, maySuit } from '../../domain/routing/routing.js';
import { FreeSeats } from '../free-seats.js';
import { Handover } from '../handover.js';
import { ItemStore, type StoredItem } from '../item-store.js';
import { OfferPlan } from '../offer-plan.js';
import { SeatStore, type StoredSeat } from '../seat-store.js';

/** Bounds how long one transaction may hold up the others. */
const MOST_AT_ONCE = 50;

export class OfferItemsPayload {}

/** Offers as many waiting items to seats as suit each other, in one transaction. Who comes too late finds less. */
@Handles('offerItems')
export class OfferItems extends CommandHandler<OfferItemsPayload, { offered: number }> {
  readonly payload = OfferItemsPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly handover: Handover,
    private readonly items: ItemStore,
    private readonly seats: SeatStore,
    private readonly freeSeats: FreeSeats,
    private readonly plan: OfferPlan,
  ) {
    super();
  }

  async handle(_payload: OfferItemsPayload, context: CommandContext): Promise<Result<{ offered: number }>> {
    const { matches, floor } = await this.plan.plan(context.tx, context.now, MOST_AT_ONCE);
    // Every node locks seats before items, and each in one order, so that none waits for another in a circle.
    const seats = new Map<string, StoredSeat | undefined>();
    for (const seatId of matches.map(({ seat }) => seat.seatId).sort()) {
      seats.set(seatId, await this.seats.lock(context.tx, seatId));
    }
    const locked: [StoredItem | undefined, StoredSeat | undefined][] = [];
    for (const { item, seat } of matches.sort((a, b) => (a.item.itemId < b.item.itemId ? -1 : 1))) {
      locked.push([await this.items.lock(context.tx, item.itemId), seats.get(seat.seatId)]);
    }
    let offered = 0;
    for (const [item, seat] of locked) if (item && seat && (await this.offer(context, item, seat, floor))) offered += 1;
    return ok({ offered });
  }

  /** Looks again under the locks: another node may have matched the same item, or the same seat. [I4] */
  private async offer(context: CommandContext, item: StoredItem, seat: StoredSeat, floor: Floor): Promise<boolean> {
    if (item.state !== 'queued') return false;
    const [candidate] = await this.freeSeats.withLoads(context.tx, [seat]);
    if (!maySuit(askingOf(item, floor), candidate!, floor.rules)) return false;
    await this.handover.offer(context, seat, item);
    return true;
  }
}
