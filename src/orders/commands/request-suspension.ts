import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { endOf } from '../../domain/calendar/day.js';
import { SUSPENSION_REASONS } from '../../domain/order/suspension-reasons.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { LastDay, OneOf, Text } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class RequestSuspensionPayload extends ChangesOrder implements CommandPayload<'requestSuspension'> {
  @OneOf(SUSPENSION_REASONS)
  reasonCode!: string;

  @LastDay()
  until!: string;

  @Text()
  reason!: string;
}

/** [T18] The unit cannot go on before some day, for a reason of the list. */
@Handles('requestSuspension')
export class RequestSuspension extends CommandHandler<RequestSuspensionPayload, OrderResult> {
  readonly payload = RequestSuspensionPayload;
  readonly who = rolesFor('requestSuspension');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle({ until, ...payload }: RequestSuspensionPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'requestSuspension', ...payload, until: endOf(until) }, [
      { type: 'suspension', text: payload.reason },
    ]);
  }
}
