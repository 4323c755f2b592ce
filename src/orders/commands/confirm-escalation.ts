import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class ConfirmEscalationPayload extends ChangesOrder implements CommandPayload<'confirmEscalation'> {}

/** [T33] The desk agrees: the upper unit leads from now on. */
@Handles('confirmEscalation')
export class ConfirmEscalation extends CommandHandler<ConfirmEscalationPayload, OrderResult> {
  readonly payload = ConfirmEscalationPayload;
  readonly who = rolesFor('confirmEscalation');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ConfirmEscalationPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'confirmEscalation', ...payload });
  }
}
