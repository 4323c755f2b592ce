import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OneOf, Text } from '../../commands/payload-fields.js';
import { AddsToOrder } from './on-order.js';

export class OpenSupervisionPayload extends AddsToOrder implements CommandPayload<'openSupervision'> {
  @OneOf(['routine', 'special', 'dual'])
  kind!: 'routine' | 'special' | 'dual';

  @Text()
  reason!: string;
}

/** [T34] A supervisor takes an eye on the order, which itself does not change. */
@Handles('openSupervision')
export class OpenSupervision extends CommandHandler<OpenSupervisionPayload, OrderResult> {
  readonly payload = OpenSupervisionPayload;
  readonly who = rolesFor('openSupervision');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: OpenSupervisionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'openSupervision', ...payload }, [
      { type: 'supervision', text: payload.reason },
    ]);
  }
}
