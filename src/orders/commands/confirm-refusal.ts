import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class ConfirmRefusalPayload extends ChangesOrder implements CommandPayload<'confirmRefusal'> {}

/** [T3] A second person agrees: not accepted. */
@Handles('confirmRefusal')
export class ConfirmRefusal extends CommandHandler<ConfirmRefusalPayload, OrderResult> {
  readonly payload = ConfirmRefusalPayload;
  readonly who = rolesFor('confirmRefusal');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ConfirmRefusalPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'confirmRefusal', ...payload });
  }
}
