import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { askingOf, maySuit } from '../../domain/routing/routing.js';
import { FreeSeats } from '../free-seats.js';
import { Handover } from '../handover.js';
import { ItemStore } from '../item-store.js';
import { OfferPlan } from '../offer-plan.js';
import { QueuePolicy } from '../queue-policy.js';
import { SeatStore } from '../seat-store.js';

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
    private readonly policy: QueuePolicy,
  ) {
    super();
  }

  async handle(_payload: OfferItemsPayload, context: CommandContext): Promise<Result<{ offered: number }>> {
    const matches = await this.plan.plan(context.tx, context.now, MOST_AT_ONCE);
    // Every node locks seats in the same order, so that none waits for another in a circle.
    matches.sort((a, b) => (a.seat.seatId < b.seat.seatId ? -1 : 1));
    let offered = 0;
    for (const { item, seat } of matches) if (await this.offer(context, item.itemId, seat.seatId)) offered += 1;
    return ok({ offered });
  }

  /** Looks again under the locks: another node may have matched the same item, or the same seat. [I4] */
  private async offer(context: CommandContext, itemId: string, seatId: string): Promise<boolean> {
    const { tx, now } = context;
    const seat = await this.seats.lock(tx, seatId);
    const item = await this.items.lock(tx, itemId);
    if (!seat || item?.state !== 'queued') return false;
    const [candidate] = await this.freeSeats.withLoads(tx, [seat]);
    const asking = askingOf(item, await this.plan.floorFor(tx, now, item));
    if (!maySuit(asking, candidate!, this.policy.routing)) return false;
    await this.handover.offer(context, seat, item);
    return true;
  }
}
