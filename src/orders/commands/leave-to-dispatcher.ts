import type { OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { awaitsAutoDispatch } from '../../domain/order/auto-dispatch.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OnOrder } from './on-order.js';

/** [DI1] The hub's own try failed again and again: the order waits for a dispatcher instead of for a repair. */
@Handles('leaveToDispatcher')
export class LeaveToDispatcher extends CommandHandler<OnOrder, OrderResult> {
  readonly payload = OnOrder;
  readonly who: readonly Role[] = ['system'];

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  async handle({ orderNo }: OnOrder, context: CommandContext): Promise<Result<OrderResult>> {
    const order = await this.desk.load(context, orderNo);
    if (!order) return refuse('order_not_found', '没有这个工单');
    if (!awaitsAutoDispatch(order)) return ok({ orderNo, version: order.version });
    return this.desk.carryOut(context, { name: 'deferDispatch', orderNo, cause: 'hub_failed', suggestion: null });
  }
}
