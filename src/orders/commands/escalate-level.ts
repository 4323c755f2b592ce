import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Text, UnitId } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class EscalateLevelPayload extends ChangesOrder implements CommandPayload<'escalateLevel'> {
  @UnitId()
  toUnitId!: string;

  @Text()
  reason!: string;
}

/** [T33] Beyond the unit: proposed to the desk for a unit above it. */
@Handles('escalateLevel')
export class EscalateLevel extends CommandHandler<EscalateLevelPayload, OrderResult> {
  readonly payload = EscalateLevelPayload;
  readonly who = rolesFor('escalateLevel');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: EscalateLevelPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'escalateLevel', ...payload }, [
      { type: 'escalation', text: payload.reason },
    ]);
  }
}
