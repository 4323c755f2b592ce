import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Text } from '../../commands/payload-fields.js';
import { AddsToOrder } from './on-order.js';

export class UrgePayload extends AddsToOrder implements CommandPayload<'urge'> {
  @Text()
  text!: string;
}

/** [T34] The desk reminds. */
@Handles('urge')
export class Urge extends CommandHandler<UrgePayload, OrderResult> {
  readonly payload = UrgePayload;
  readonly who = rolesFor('urge');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: UrgePayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'urge', ...payload }, [{ type: 'urge', text: payload.text }]);
  }
}
