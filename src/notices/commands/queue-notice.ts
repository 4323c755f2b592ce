import { IsIn, IsInt, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { NoticeTemplate, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { noticeText } from '../../domain/notice/notice-text.js';
import { ok, type Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { OrderBook } from '../../orders/order-book.js';
import { NoticeDesk } from '../notice-desk.js';

const TEMPLATES: readonly NoticeTemplate[] = ['accepted', 'dispatched', 'extended', 'suspended', 'resumed'];

export class QueueNoticePayload {
  @IsString()
  @MaxLength(32)
  orderNo!: string;

  @IsIn(TEMPLATES)
  template!: NoticeTemplate;

  @IsOptional()
  @Matches(/^\S{1,64}$/)
  unitId?: string | null;

  @IsOptional()
  @IsInt()
  dueAt?: number | null;

  @IsOptional()
  @IsInt()
  until?: number | null;

  @IsOptional()
  @Matches(/^\S{1,40}$/)
  reasonCode?: string | null;
}

/** [NT1] The requester is to be told what happened to their order. */
@Handles('queueNotice')
export class QueueNotice extends CommandHandler<QueueNoticePayload, { noticeId: string }> {
  readonly payload = QueueNoticePayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: NoticeDesk,
    private readonly orders: OrderBook,
    private readonly lists: ListBook,
  ) {
    super();
  }

  async handle(payload: QueueNoticePayload, context: CommandContext): Promise<Result<{ noticeId: string }>> {
    const { tx, now } = context;
    const { orderNo, template, unitId = null, dueAt = null, until = null, reasonCode = null } = payload;
    const unitName = unitId === null ? null : ((await this.lists.units(tx, now)).get(unitId)?.name ?? null);
    const facts = { unitId, unitName, dueAt, until, reasonCode };
    const noticeId = await this.desk.queue(context, {
      orderNo,
      requestNo: await this.orders.requestNo(tx, orderNo),
      template,
      facts,
      text: noticeText(template, orderNo, facts),
    });
    return ok({ noticeId });
  }
}
