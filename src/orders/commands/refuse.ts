import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Maybe, ReasonCode, Text } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class RefusePayload extends ChangesOrder implements CommandPayload<'refuse'> {
  @ReasonCode()
  reasonCode!: string;

  @Text(200)
  alternativeChannel!: string;

  @Maybe()
  @Text()
  explanation?: string;
}

/** [T3] Outside the scope: proposed by one, confirmed by a shift leader who is another. */
@Handles('refuse')
export class Refuse extends CommandHandler<RefusePayload, OrderResult> {
  readonly payload = RefusePayload;
  readonly who = rolesFor('refuse');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  async handle(payload: RefusePayload, context: CommandContext): Promise<Result<OrderResult>> {
    const { alternativeChannel, explanation } = payload;
    return this.desk.carryOut(context, { name: 'refuse', ...payload }, [
      { type: 'alternative_channel', text: alternativeChannel, public: true },
      ...(explanation === undefined ? [] : [{ type: 'refusal' as const, text: explanation, public: true }]),
    ]);
  }
}
