import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class SubmitForAcceptancePayload extends ChangesWhistle implements CommandPayload<'submitForAcceptance'> {}

/** [W10] Nothing stands open: who blew is to judge. */
@Handles('submitForAcceptance')
export class SubmitForAcceptance extends CommandHandler<SubmitForAcceptancePayload, WhistleResult> {
  readonly payload = SubmitForAcceptancePayload;
  readonly who = rolesFor('submitForAcceptance');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: SubmitForAcceptancePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'submitForAcceptance', ...payload });
  }
}
