import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class ApproveSuspensionPayload extends ChangesOrder implements CommandPayload<'approveSuspension'> {}

/** [T18] The unit's deputy leader agrees that nothing can be done for now, then the desk, whose word makes it hold. */
@Handles('approveSuspension')
export class ApproveSuspension extends CommandHandler<ApproveSuspensionPayload, OrderResult> {
  readonly payload = ApproveSuspensionPayload;
  readonly who = rolesFor('approveSuspension');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ApproveSuspensionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'approveSuspension', ...payload });
  }
}
