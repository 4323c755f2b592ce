import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Maybe, Text, UnitId } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class UpholdObjectionPayload extends ChangesOrder implements CommandPayload<'upholdObjection'> {
  @Maybe()
  @UnitId()
  nextUnitId?: string;

  @Text()
  reason!: string;
}

/** [T10] The unit was right: the order goes to the desk again, and the duty list has a gap. */
@Handles('upholdObjection')
export class UpholdObjection extends CommandHandler<UpholdObjectionPayload, OrderResult> {
  readonly payload = UpholdObjectionPayload;
  readonly who = rolesFor('upholdObjection');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: UpholdObjectionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'upholdObjection', ...payload }, [
      { type: 'ruling', text: payload.reason },
    ]);
  }
}
