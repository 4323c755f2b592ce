import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ChangesOrder } from './on-order.js';

export class ConfirmObjectionPayload extends ChangesOrder implements CommandPayload<'confirmObjection'> {}

/** [T9] The deputy leader stands by it: the desk must rule. */
@Handles('confirmObjection')
export class ConfirmObjection extends CommandHandler<ConfirmObjectionPayload, OrderResult> {
  readonly payload = ConfirmObjectionPayload;
  readonly who = rolesFor('confirmObjection');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ConfirmObjectionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'confirmObjection', ...payload });
  }
}
