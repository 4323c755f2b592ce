import type { WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { OnWhistle } from './on-whistle.js';

export class MissMeetingPayload extends OnWhistle {}

/** [W7] The meeting has not come about in its time. */
@Handles('missMeeting')
export class MissMeeting extends CommandHandler<MissMeetingPayload, WhistleResult> {
  readonly payload = MissMeetingPayload;
  readonly who = rolesFor('missMeeting');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: MissMeetingPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'missMeeting', ...payload });
  }
}
