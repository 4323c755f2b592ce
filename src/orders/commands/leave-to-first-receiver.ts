import type { OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OnOrder } from './on-order.js';

export class LeaveToFirstReceiverPayload extends OnOrder {}

/** [T12] Nobody ruled in time: who received it first keeps it. */
@Handles('leaveToFirstReceiver')
export class LeaveToFirstReceiver extends CommandHandler<LeaveToFirstReceiverPayload, OrderResult> {
  readonly payload = LeaveToFirstReceiverPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle({ orderNo }: LeaveToFirstReceiverPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, {
      name: 'assignFirstReceiver',
      orderNo,
      basis: 'first_receiver',
      reason: '裁决超时',
      fallbackUnitId: null,
    });
  }
}
