import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { isSamePerson, saysAgain } from '../../domain/order/says-again.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { requestOf } from '../request-of.js';
import { OrderNo } from '../../commands/payload-fields.js';
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
    const order = await this.desk.load(context, orderNo);
    const primary = await this.desk.load(context, primaryOrderNo);
    const asked = order && (await requestOf(context.tx, order.requestNo));
    const samePerson =
      asked !== null && primary !== null && isSamePerson(asked, await requestOf(context.tx, primary.requestNo));
    const merge = { name: 'merge' as const, ...payload, primary, samePerson };
    const merged = await this.desk.carryOut(context, merge);
    if (!merged.ok) return merged;

    // [DU1] What the same person said once more belongs to what they said before.
    const saidAgain = saysAgain(order!, merge);
    const received = await this.desk.carryOut(
      context,
      { name: 'receiveMerge', orderNo: primaryOrderNo, mergedOrderNo: orderNo, saidAgain },
      saidAgain ? [{ type: 'repeated', text: asked!.text }] : [],
    );
    return received.ok ? merged : received;
  }
}
