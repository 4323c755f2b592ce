import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { OrderDesk } from '../order-desk.js';
import { suggestUnit } from '../suggest-unit.js';
import { Maybe, Text, UnitId, UnitIds } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

export class DispatchPayload extends ChangesOrder implements CommandPayload<'dispatch'> {
  @UnitId()
  unitId!: string;

  @Maybe()
  @UnitIds()
  assistUnitIds?: string[];

  @Maybe()
  @Text()
  reason?: string;
}

/** [T6] To a unit of any level; dual dispatch adds assists. */
@Handles('dispatch')
export class Dispatch extends CommandHandler<DispatchPayload, OrderResult> {
  readonly payload = DispatchPayload;
  readonly who = rolesFor('dispatch');

  constructor(
    private readonly desk: OrderDesk,
    private readonly lists: ListBook,
  ) {
    super();
  }

  async handle(payload: DispatchPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const order = await this.desk.load(context, payload.orderNo);
    const suggestion = (order && (await suggestUnit(this.lists, context.tx, context.now, order))) ?? null;
    const notes = payload.reason === undefined ? [] : [{ type: 'dispatch' as const, text: payload.reason }];
    return this.desk.carryOut(context, { name: 'dispatch', ...payload, suggestion }, notes);
  }
}
