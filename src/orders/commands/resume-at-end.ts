import { IsString, MaxLength } from 'class-validator';
import type { OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OnOrder } from './on-order.js';

export class ResumeAtEndPayload extends OnOrder {
  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** [T19] The last day of a suspension is over: the order goes on. */
@Handles('resumeAtEnd')
export class ResumeAtEnd extends CommandHandler<ResumeAtEndPayload, OrderResult | object> {
  readonly payload = ResumeAtEndPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly desk: OrderDesk,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle(
    { orderNo, clockId }: ResumeAtEndPayload,
    context: CommandContext,
  ): Promise<Result<OrderResult | object>> {
    // The order before its clock, as every command on an order does.
    await this.desk.load(context, orderNo);
    if (!(await this.clocks.ring(context.tx, clockId, context.now))) return ok({});
    return this.desk.carryOut(context, { name: 'resume', orderNo });
  }
}
