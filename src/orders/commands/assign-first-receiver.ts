import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { fallbackUnit } from '../fallback-unit.js';
import { OrderDesk } from '../order-desk.js';
import { OneOf, Text } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class AssignFirstReceiverPayload extends ChangesOrder implements CommandPayload<'assignFirstReceiver'> {
  @OneOf(['first_receiver', 'fallback'])
  basis!: 'first_receiver' | 'fallback';

  @Text()
  reason!: string;
}

/** [T12] Nobody is named by the duty list: who received it first leads, or the fallback unit. */
@Handles('assignFirstReceiver')
export class AssignFirstReceiver extends CommandHandler<AssignFirstReceiverPayload, OrderResult> {
  readonly payload = AssignFirstReceiverPayload;
  readonly who = rolesFor('assignFirstReceiver');

  constructor(
    private readonly desk: OrderDesk,
    private readonly lists: ListBook,
  ) {
    super();
  }

  async handle(payload: AssignFirstReceiverPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const order = await this.desk.load(context, payload.orderNo);
    const fallbackUnitId = order && (await fallbackUnit(this.lists, context.tx, context.now, order));
    const notes = [{ type: 'ruling' as const, text: payload.reason }];
    return this.desk.carryOut(context, { name: 'assignFirstReceiver', ...payload, fallbackUnitId }, notes);
  }
}
