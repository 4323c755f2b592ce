import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Amount, Text } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class RequestExtensionPayload extends ChangesOrder implements CommandPayload<'requestExtension'> {
  @Amount()
  extra!: number;

  @Text()
  reason!: string;
}

/** [T17] The unit asks for more time, in the basis of its limit. */
@Handles('requestExtension')
export class RequestExtension extends CommandHandler<RequestExtensionPayload, OrderResult> {
  readonly payload = RequestExtensionPayload;
  readonly who = rolesFor('requestExtension');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: RequestExtensionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'requestExtension', ...payload }, [
      { type: 'extension', text: payload.reason },
    ]);
  }
}
