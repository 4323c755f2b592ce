import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Text } from '../../commands/payload-fields.js';
import { AddsToOrder } from './on-order.js';

export class ReplyPayload extends AddsToOrder implements CommandPayload<'reply'> {
  @Text()
  text!: string;
}

/** [T36] The unit answers what was asked back. */
@Handles('reply')
export class Reply extends CommandHandler<ReplyPayload, OrderResult> {
  readonly payload = ReplyPayload;
  readonly who = rolesFor('reply');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ReplyPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'reply', ...payload }, [
      { type: 'reply', text: payload.text, public: true },
    ]);
  }
}
