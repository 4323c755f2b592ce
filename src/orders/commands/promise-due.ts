import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { endOf } from '../../domain/calendar/day.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { LastDay } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class PromiseDuePayload extends ChangesOrder implements CommandPayload<'promiseDue'> {
  @LastDay()
  dueOn!: string;
}

/** [EX4] The unit promises an earlier end than its limit; then that counts. */
@Handles('promiseDue')
export class PromiseDue extends CommandHandler<PromiseDuePayload, OrderResult> {
  readonly payload = PromiseDuePayload;
  readonly who = rolesFor('promiseDue');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle({ dueOn, ...payload }: PromiseDuePayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'promiseDue', ...payload, dueAt: endOf(dueOn) });
  }
}
