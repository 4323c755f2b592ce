import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Text } from '../../commands/payload-fields.js';
import { AddsToOrder } from './on-order.js';

export class AskPayload extends AddsToOrder implements CommandPayload<'ask'> {
  @Text()
  text!: string;
}

/** [T36] The requester asks back, through an agent. */
@Handles('ask')
export class Ask extends CommandHandler<AskPayload, OrderResult> {
  readonly payload = AskPayload;
  readonly who = rolesFor('ask');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: AskPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'ask', ...payload }, [
      { type: 'question', text: payload.text, public: true },
    ]);
  }
}
