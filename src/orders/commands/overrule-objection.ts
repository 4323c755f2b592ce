import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Text } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class OverruleObjectionPayload extends ChangesOrder implements CommandPayload<'overruleObjection'> {
  @Text()
  reason!: string;
}

/** [T11] Final: the unit has the order and works on it. */
@Handles('overruleObjection')
export class OverruleObjection extends CommandHandler<OverruleObjectionPayload, OrderResult> {
  readonly payload = OverruleObjectionPayload;
  readonly who = rolesFor('overruleObjection');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: OverruleObjectionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'overruleObjection', ...payload }, [
      { type: 'ruling', text: payload.reason },
    ]);
  }
}
