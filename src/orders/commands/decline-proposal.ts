import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { ShortReason } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class DeclineProposalPayload extends ChangesOrder implements CommandPayload<'declineProposal'> {
  @ShortReason()
  reason!: string;
}

/** [T3] [T9] [T17] [T18] [T33] The second person says no: what was proposed is off, and the order goes on as before. */
@Handles('declineProposal')
export class DeclineProposal extends CommandHandler<DeclineProposalPayload, OrderResult> {
  readonly payload = DeclineProposalPayload;
  readonly who = rolesFor('declineProposal');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: DeclineProposalPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'declineProposal', ...payload }, [
      { type: 'decline', text: payload.reason },
    ]);
  }
}
