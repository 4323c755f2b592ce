import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { OrderNo } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class LinkOrderPayload extends AddsToWhistle implements CommandPayload<'linkOrder'> {
  @OrderNo()
  orderNo!: string;
}

/** [T20] One more order of the same matter. */
@Handles('linkOrder')
export class LinkOrder extends CommandHandler<LinkOrderPayload, WhistleResult> {
  readonly payload = LinkOrderPayload;
  readonly who = rolesFor('linkOrder');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: LinkOrderPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'linkOrder', ...payload });
  }
}
