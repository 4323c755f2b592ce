import type { CommandPayload, OrderResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { instantOf } from '../../domain/calendar/instant.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { OrderDesk } from '../order-desk.js';
import { Instant, OneOf, Text } from '../../commands/payload-fields.js';
import { AddsToOrder } from './on-order.js';

export class RecordContactPayload extends AddsToOrder implements CommandPayload<'recordContact'> {
  @OneOf(['phone', 'sms', 'visit', 'app', 'other'])
  channel!: CommandPayload<'recordContact'>['channel'];

  @Instant()
  at!: string;

  @OneOf(['reached', 'no_answer', 'refused', 'wrong_number'])
  outcome!: CommandPayload<'recordContact'>['outcome'];

  @Text()
  summary!: string;
}

/** [T14] The unit spoke with the requester, or tried to. */
@Handles('recordContact')
export class RecordContact extends CommandHandler<RecordContactPayload, OrderResult> {
  readonly payload = RecordContactPayload;
  readonly who = rolesFor('recordContact');

  constructor(private readonly desk: OrderDesk) {
    super();
  }

  async handle(payload: RecordContactPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const { summary, at, ...facts } = payload;
    const contact = { ...facts, summary, at: instantOf(at)! };
    return this.desk.carryOut(context, { name: 'recordContact', ...contact }, [{ type: 'contact', text: summary }]);
  }
}
