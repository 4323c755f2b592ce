import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ReasonCode, Text, UnitId } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class ObjectToDispatchPayload extends ChangesOrder implements CommandPayload<'object'> {
  @ReasonCode()
  reasonCode!: string;

  @Text()
  basis!: string;

  @UnitId()
  proposedUnitId!: string;
}

/** [T9] "Not mine": a clerk proposes it, the deputy leader confirms; a deputy leader says it outright. */
@Handles('object')
export class ObjectToDispatch extends CommandHandler<ObjectToDispatchPayload, OrderResult> {
  readonly payload = ObjectToDispatchPayload;
  readonly who = rolesFor('object');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ObjectToDispatchPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'object', ...payload }, [{ type: 'objection', text: payload.basis }]);
  }
}
