import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class CancelRequestPayload extends ChangesOrder implements CommandPayload<'cancelRequest'> {}

/** [EX6] The unit finds that it needs no more time, or asked for the wrong thing. */
@Handles('cancelRequest')
export class CancelRequest extends CommandHandler<CancelRequestPayload, OrderResult> {
  readonly payload = CancelRequestPayload;
  readonly who = rolesFor('cancelRequest');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: CancelRequestPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'cancelRequest', ...payload });
  }
}
