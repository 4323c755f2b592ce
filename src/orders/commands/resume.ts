import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Maybe, Text } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class ResumePayload extends ChangesOrder implements CommandPayload<'resume'> {
  @Maybe()
  @Text()
  reason?: string;
}

/** [T19] The unit goes on with what was put aside. */
@Handles('resume')
export class Resume extends CommandHandler<ResumePayload, OrderResult> {
  readonly payload = ResumePayload;
  readonly who = rolesFor('resume');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: ResumePayload, context: CommandContext): Promise<Result<OrderResult>> {
    const { reason } = payload;
    const notes = reason === undefined ? [] : [{ type: 'resume' as const, text: reason }];
    return this.desk.carryOut(context, { name: 'resume', ...payload }, notes);
  }
}
