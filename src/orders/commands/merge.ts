import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OrderNo } from './fields.js';
import { ChangesOrder } from './on-order.js';

export class MergePayload extends ChangesOrder implements CommandPayload<'merge'> {
  @OrderNo()
  primaryOrderNo!: string;
}

/** [T5] Said already: the order goes up in the primary, whose clocks count; both tell it. */
@Handles('merge')
export class Merge extends CommandHandler<MergePayload, OrderResult> {
  readonly payload = MergePayload;
  readonly who = rolesFor('merge');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  async handle(payload: MergePayload, context: CommandContext): Promise<Result<OrderResult>> {
    const { orderNo, primaryOrderNo } = payload;
    const primary = await this.desk.load(context, primaryOrderNo);
    const merged = await this.desk.carryOut(context, { name: 'merge', ...payload, primary });
    if (!merged.ok) return merged;
    const received = await this.desk.carryOut(context, {
      name: 'receiveMerge',
      orderNo: primaryOrderNo,
      mergedOrderNo: orderNo,
    });
    return received.ok ? merged : received;
  }
}
