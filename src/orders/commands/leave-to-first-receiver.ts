import type { OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { fallbackUnit } from '../fallback-unit.js';
import { OrderDesk } from '../order-desk.js';
import { OnOrder } from './on-order.js';

export class LeaveToFirstReceiverPayload extends OnOrder {}

/**
 * [T12] Nobody ruled in time: who received it first keeps it; where that unit is no more, the fallback unit gets it. With
 * neither the order stays where it is, and the desk sees that it is overdue.
 */
@Handles('leaveToFirstReceiver')
export class LeaveToFirstReceiver extends CommandHandler<LeaveToFirstReceiverPayload, OrderResult> {
  readonly payload = LeaveToFirstReceiverPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: OrderDesk,
    private readonly lists: ListBook,
  ) {
    super();
  }

  async handle({ orderNo }: LeaveToFirstReceiverPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const leave = (basis: 'first_receiver' | 'fallback', fallbackUnitId: string | null) =>
      this.desk.carryOut(context, {
        name: 'assignFirstReceiver',
        orderNo,
        basis,
        reason: '裁决超时',
        fallbackUnitId,
      });
    const left = await leave('first_receiver', null);
    // Refused for anything but who is to lead, it is not the hub's to settle any more.
    if (left.ok || left.error.field !== 'basis') return left;
    const order = await this.desk.load(context, orderNo);
    return leave('fallback', order && (await fallbackUnit(this.lists, context.tx, context.now, order)));
  }
}
