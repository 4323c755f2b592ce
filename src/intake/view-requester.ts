import { IsString, MaxLength } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { Handles } from '../commands/handles.js';
import { Purpose } from '../commands/purpose.js';
import { MAY_SEE_REQUESTERS } from '../domain/order/sees-requester.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { EventLog } from '../event-log/event-log.js';
import { OrderBook } from '../orders/order-book.js';
import { RequestStore } from './request-store.js';

export class ViewRequesterPayload implements CommandPayload<'viewRequester'> {
  @IsString({ message: '应为工单编号' })
  @MaxLength(32, { message: '应为工单编号' })
  orderNo!: string;

  @Purpose()
  purpose!: string;
}

/** Shows who asked, unmasked, to somebody who says why; that they looked stays in the log for ever [DG1][DG5]. */
@Handles('viewRequester')
export class ViewRequester extends CommandHandler<ViewRequesterPayload, CommandResult<'viewRequester'>> {
  readonly payload = ViewRequesterPayload;
  readonly who = MAY_SEE_REQUESTERS;
  override readonly personalAnswer = true;

  constructor(
    private readonly orders: OrderBook,
    private readonly requests: RequestStore,
    private readonly log: EventLog,
  ) {
    super();
  }

  async handle(
    { orderNo, purpose }: ViewRequesterPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'viewRequester'>>> {
    const { tx, actor, now, origin, repeated } = context;
    const sees = await this.orders.seesRequester(context, orderNo);
    if (sees === 'hidden') return refuse('order_not_found', '没有这件工单，或您无权查看', { field: 'orderNo' });
    if (sees === 'masked') return refuse('forbidden', '只有受理中心和主办单位可以查看诉求人信息', { field: 'orderNo' });
    if (!repeated) {
      const viewId = derivedId('requester-view', actor.userId, origin.commandId);
      await tx.insert('requester_view', {
        view_id: viewId,
        order_no: orderNo,
        viewer_id: actor.userId,
        purpose,
        at: now,
      });
      await this.log.append(tx, origin, [
        {
          subject: `order:${orderNo}`,
          type: 'requester.identity.viewed',
          at: now,
          version: null,
          data: { orderNo, viewId },
          card: null,
          rooms: {},
        },
      ]);
    }
    return ok(await this.requests.requesterOf(tx, orderNo));
  }
}
