import { IsUUID } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { decideClaim } from '../../domain/queue/decide-claim.js';
import { queuesOf, SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { FreeSeats } from '../free-seats.js';
import { Handover } from '../handover.js';
import { ItemStore, type StoredItem } from '../item-store.js';
import { OfferPlan } from '../offer-plan.js';
import type { StoredSeat } from '../seat-store.js';

const mayStillBe = ({ state, seatId }: StoredItem, seat: StoredSeat): boolean =>
  state === 'queued' || seatId === seat.seatId;

export class ClaimItemPayload {
  @IsUUID('all', { message: '工作编号应为 UUID' })
  itemId!: string;
}

/** Takes the offer made to the actor's seat, or a waiting item that it serves, has room for and can do. [QS6] */
@Handles('claimItem')
export class ClaimItem extends CommandHandler<ClaimItemPayload, { itemId: string; orderNo: string | null }> {
  readonly payload = ClaimItemPayload;
  readonly who = SEAT_ROLES;

  constructor(
    private readonly handover: Handover,
    private readonly items: ItemStore,
    private readonly freeSeats: FreeSeats,
    private readonly plan: OfferPlan,
  ) {
    super();
  }

  async handle(
    { itemId }: ClaimItemPayload,
    context: CommandContext,
  ): Promise<Result<{ itemId: string; orderNo: string | null }>> {
    const { tx, actor, now } = context;
    const seat = await this.handover.seatOf(context);
    if (!seat || seat.userId !== actor.userId) return refuse('no_seat', '您没有座席，或座席现由他人使用');
    const item = await this.itemFor(seat, context, itemId);
    // Who may not serve the queue learns nothing of its items. [I6]
    if (!item || !queuesOf(actor.roles).includes(item.queueId)) {
      return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    }
    const [candidate] = await this.freeSeats.withLoads(tx, [seat]);
    const decision = decideClaim(item, candidate!, await this.plan.floor(tx, now, [item]));
    if (!decision.ok) return decision;
    if (decision.value === 'take_offer') await this.handover.takeOffer(context, seat, item);
    if (decision.value === 'pull') await this.handover.pull(context, seat, item);
    return ok({ itemId, orderNo: item.orderNo });
  }

  /** Locked, unless it is plain without that who asks has come too late: nobody waits in line to be told so. [I4] */
  private async itemFor(seat: StoredSeat, { tx }: CommandContext, itemId: string): Promise<StoredItem | undefined> {
    const seen = await this.items.get(tx, itemId);
    return seen && mayStillBe(seen, seat) ? this.items.lock(tx, itemId) : seen;
  }
}
