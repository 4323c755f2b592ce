import { IsUUID } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { Handover, offerClock } from '../handover.js';

export class ExpireOfferPayload {
  @IsUUID('all')
  itemId!: string;

  @IsUUID('all')
  offerId!: string;
}

/** An offer's clock has rung: the item goes back to its place, the seat behind the other idle ones. [QS5] */
@Handles('expireOffer')
export class ExpireOffer extends CommandHandler<ExpireOfferPayload, { expired: boolean }> {
  readonly payload = ExpireOfferPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly handover: Handover,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle(
    { itemId, offerId }: ExpireOfferPayload,
    context: CommandContext,
  ): Promise<Result<{ expired: boolean }>> {
    const held = await this.handover.lock(context, itemId);
    if (!(await this.clocks.ring(context.tx, offerClock(offerId), context.now))) return ok({ expired: false });
    if (!held?.seat || held.item.offerId !== offerId) return ok({ expired: false });
    await this.handover.expire(context, held.seat, held.item);
    return ok({ expired: true });
  }
}
