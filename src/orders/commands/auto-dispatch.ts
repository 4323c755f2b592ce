import type { DispatchSuggestion, OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Policy } from '../../config/policy.js';
import { awaitsAutoDispatch, deferralCause } from '../../domain/order/auto-dispatch.js';
import type { DeferralCause } from '../../domain/order/order-event.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { OrderDesk } from '../order-desk.js';
import { suggestUnit } from '../suggest-unit.js';
import { OnOrder } from './on-order.js';

/** [DI1] The hub itself finds the unit by the duty list [LI2], or leaves it to a dispatcher and says why. */
@Handles('autoDispatch')
export class AutoDispatch extends CommandHandler<OnOrder, OrderResult> {
  readonly payload = OnOrder;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: OrderDesk,
    private readonly lists: ListBook,
    private readonly policy: Policy,
  ) {
    super();
  }

  async handle({ orderNo }: OnOrder, context: CommandContext): Promise<Result<OrderResult>> {
    const order = await this.desk.load(context, orderNo);
    if (!order) return refuse('order_not_found', '没有这个工单');
    if (!awaitsAutoDispatch(order)) return ok({ orderNo, version: order.version });

    const suggestion = await suggestUnit(this.lists, context.tx, context.now, order);
    const cause = deferralCause(order, suggestion, this.policy.number('dispatch.confidenceGate'));
    if (cause || !suggestion) return this.leaveToDispatcher(context, orderNo, cause ?? 'no_duty_rule', suggestion);
    const { unitId, assistUnitIds } = suggestion;
    const dispatched = await this.desk.carryOut(context, {
      name: 'dispatch',
      orderNo,
      unitId,
      assistUnitIds,
      suggestion,
    });
    // An order that the rule book keeps from the unit it names would otherwise wait for nobody.
    return dispatched.ok ? dispatched : this.leaveToDispatcher(context, orderNo, 'unit_unavailable', suggestion);
  }

  private leaveToDispatcher(
    context: CommandContext,
    orderNo: string,
    cause: DeferralCause,
    suggestion: DispatchSuggestion | undefined,
  ): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'deferDispatch', orderNo, cause, suggestion: suggestion ?? null });
  }
}
