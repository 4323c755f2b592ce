import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { UnitId } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class RedispatchDownPayload extends ChangesOrder implements CommandPayload<'redispatchDown'> {
  @UnitId()
  unitId!: string;
}

/** [T35] Down inside the unit, which stays answerable. */
@Handles('redispatchDown')
export class RedispatchDown extends CommandHandler<RedispatchDownPayload, OrderResult> {
  readonly payload = RedispatchDownPayload;
  readonly who = rolesFor('redispatchDown');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: RedispatchDownPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'redispatchDown', ...payload });
  }
}
