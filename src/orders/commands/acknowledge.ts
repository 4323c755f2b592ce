import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class AcknowledgePayload extends ChangesOrder implements CommandPayload<'acknowledge'> {}

/** [T8] The unit takes the order on. */
@Handles('acknowledge')
export class Acknowledge extends CommandHandler<AcknowledgePayload, OrderResult> {
  readonly payload = AcknowledgePayload;
  readonly who = rolesFor('acknowledge');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: AcknowledgePayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'acknowledge', ...payload });
  }
}
