import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ShortReason } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class DeclineWhistlePayload extends ChangesWhistle implements CommandPayload<'declineWhistle'> {
  @ShortReason()
  reason!: string;
}

/** [W2] The desk sends a whistle back, where the city has it look first. */
@Handles('declineWhistle')
export class DeclineWhistle extends CommandHandler<DeclineWhistlePayload, WhistleResult> {
  readonly payload = DeclineWhistlePayload;
  readonly who = rolesFor('declineWhistle');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: DeclineWhistlePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'declineWhistle', ...payload }, [
      { type: 'decline', text: payload.reason },
    ]);
  }
}
