import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { People } from '../../identity/people.js';
import { OrderDesk } from '../order-desk.js';
import { Ref } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class AssignHandlerPayload extends ChangesOrder implements CommandPayload<'assignHandler'> {
  @Ref('人员编号')
  handlerId!: string;
}

/** [T16] Names the person in charge, inside the unit. */
@Handles('assignHandler')
export class AssignHandler extends CommandHandler<AssignHandlerPayload, OrderResult> {
  readonly payload = AssignHandlerPayload;
  readonly who = rolesFor('assignHandler');

  constructor(
    private readonly desk: OrderDesk,
    private readonly people: People,
  ) {
    super();
  }

  async handle(payload: AssignHandlerPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const handler = (await this.people.actor(context.tx, payload.handlerId)) ?? null;
    return this.desk.carryOut(context, { name: 'assignHandler', ...payload, handler });
  }
}
