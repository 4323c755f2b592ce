import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Maybe, Text, YesOrNo } from '../../commands/payload-fields.js';
import { AddsToOrder } from './on-order.js';

export class AddProgressPayload extends AddsToOrder implements CommandPayload<'addProgress'> {
  @Text()
  text!: string;

  @Maybe()
  @YesOrNo()
  public?: boolean;
}

/** [T15] An interim message; `public`: the requester reads it too. */
@Handles('addProgress')
export class AddProgress extends CommandHandler<AddProgressPayload, OrderResult> {
  readonly payload = AddProgressPayload;
  readonly who = rolesFor('addProgress');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  handle(payload: AddProgressPayload, context: CommandContext): Promise<Result<OrderResult>> {
    return this.desk.carryOut(context, { name: 'addProgress', ...payload }, [
      { type: 'progress', text: payload.text, public: payload.public ?? false },
    ]);
  }
}
