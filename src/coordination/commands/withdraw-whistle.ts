import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ShortReason } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class WithdrawWhistlePayload extends ChangesWhistle implements CommandPayload<'withdrawWhistle'> {
  @ShortReason()
  reason!: string;
}

/** [W15] Who blew takes it back before the meeting. */
@Handles('withdrawWhistle')
export class WithdrawWhistle extends CommandHandler<WithdrawWhistlePayload, WhistleResult> {
  readonly payload = WithdrawWhistlePayload;
  readonly who = rolesFor('withdrawWhistle');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: WithdrawWhistlePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'withdrawWhistle', ...payload }, [
      { type: 'withdrawal', text: payload.reason },
    ]);
  }
}
