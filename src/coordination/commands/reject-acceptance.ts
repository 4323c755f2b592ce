import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ListOf, ShortReason, TaskId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import type { Note } from '../whistle-store.js';
import { ChangesWhistle } from './on-whistle.js';

class RejectedTask {
  @TaskId()
  taskId!: string;

  @ShortReason()
  reason!: string;
}

export class RejectAcceptancePayload extends ChangesWhistle implements CommandPayload<'rejectAcceptance'> {
  @ListOf(RejectedTask, 100)
  tasks!: RejectedTask[];
}

/** [W11] Who blew sends done tasks back. */
@Handles('rejectAcceptance')
export class RejectAcceptance extends CommandHandler<RejectAcceptancePayload, WhistleResult> {
  readonly payload = RejectAcceptancePayload;
  readonly who = rolesFor('rejectAcceptance');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: RejectAcceptancePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'rejectAcceptance', ...payload }, payload.tasks.map(note));
  }
}

const note = ({ taskId, reason }: RejectedTask): Note => ({ type: 'rejection', text: reason, taskId });
