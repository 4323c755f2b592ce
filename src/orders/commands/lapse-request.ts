import type { OrderResult, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { OnOrder } from './on-order.js';

export class LapseRequestPayload extends OnOrder {}

/** [EX3] Nobody agreed to more time before it was too late. */
@Handles('lapseRequest')
export class LapseRequest extends CommandHandler<LapseRequestPayload, OrderResult> {
  readonly payload = LapseRequestPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle({ orderNo }: LapseRequestPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'lapseRequest', orderNo }, [
      { type: 'decline', text: '办理时限已过，申请未获批准，自动失效' },
    ]);
  }
}
