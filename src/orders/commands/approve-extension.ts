import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class ApproveExtensionPayload extends ChangesOrder implements CommandPayload<'approveExtension'> {}

/** [T17] The unit's deputy leader agrees to more time, then the desk, whose word makes it hold. */
@Handles('approveExtension')
export class ApproveExtension extends CommandHandler<ApproveExtensionPayload, OrderResult> {
  readonly payload = ApproveExtensionPayload;
  readonly who = rolesFor('approveExtension');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ApproveExtensionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'approveExtension', ...payload });
  }
}
