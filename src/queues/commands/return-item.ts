import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { queuesOf, SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { holderOf } from '../cards.js';
import { Handover } from '../handover.js';
import { ItemStore } from '../item-store.js';

export class ReturnItemPayload {
  @IsUUID('all', { message: '工作编号应为 UUID' })
  itemId!: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  reason?: string;
}

/** Gives up what was offered to, or claimed by, the actor's seat: back to the queue's head. [QS2] */
@Handles('returnItem')
export class ReturnItem extends CommandHandler<ReturnItemPayload, { itemId: string }> {
  readonly payload = ReturnItemPayload;
  readonly who = SEAT_ROLES;

  constructor(
    private readonly handover: Handover,
    private readonly items: ItemStore,
  ) {
    super();
  }

  async handle({ itemId, reason }: ReturnItemPayload, context: CommandContext): Promise<Result<{ itemId: string }>> {
    const { tx, actor } = context;
    const seat = await this.handover.seatOf(context);
    if (!seat || seat.userId !== actor.userId) return refuse('no_seat', '您没有座席，或座席现由他人使用');
    const item = await this.items.lock(tx, itemId);
    const holder = item && holderOf(item);
    if (item && holder === seat.seatId) {
      await this.handover.giveBack(context, seat, item, 'returned', reason);
      return ok({ itemId });
    }
    if (!item || item.state === 'done' || !queuesOf(actor.roles).includes(item.queueId)) {
      return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    }
    return holder === null
      ? refuse('not_offered_to_seat', '这件工作不在您手中', { field: 'itemId', clause: 'QS3' })
      : refuse('item_held_by_other', '这件工作已在其他座席手中', { field: 'itemId', clause: 'QS3' });
  }
}
