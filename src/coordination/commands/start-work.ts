import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { TaskId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class StartWorkPayload extends AddsToWhistle implements CommandPayload<'startWork'> {
  @TaskId()
  taskId!: string;
}

/** [W8] A unit begins with a task of its own. */
@Handles('startWork')
export class StartWork extends CommandHandler<StartWorkPayload, WhistleResult> {
  readonly payload = StartWorkPayload;
  readonly who = rolesFor('startWork');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: StartWorkPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'startWork', ...payload });
  }
}
