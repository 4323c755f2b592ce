import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Mark } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class RateBlowerPayload extends AddsToWhistle implements CommandPayload<'rateBlower'> {
  @Mark()
  quality!: number;
}

/** [W12] What a called unit thinks of the whistle itself. */
@Handles('rateBlower')
export class RateBlower extends CommandHandler<RateBlowerPayload, WhistleResult> {
  readonly payload = RateBlowerPayload;
  readonly who = rolesFor('rateBlower');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: RateBlowerPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'rateBlower', ...payload });
  }
}
