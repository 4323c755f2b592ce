import type { OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OnOrder } from './on-order.js';

export class AutoAcknowledgePayload extends OnOrder {}

/** [T13] Nobody took it on in time: it counts as taken on. */
@Handles('autoAcknowledge')
export class AutoAcknowledge extends CommandHandler<AutoAcknowledgePayload, OrderResult> {
  readonly payload = AutoAcknowledgePayload;
  readonly who: readonly Role[] = ['system'];

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle({ orderNo }: AutoAcknowledgePayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'autoAcknowledge', orderNo });
  }
}
