import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { TaskId, Text } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class TaskDonePayload extends AddsToWhistle implements CommandPayload<'taskDone'> {
  @TaskId()
  taskId!: string;

  @Text()
  evidence!: string;
}

/** [W9] A task is done, and this shows it. */
@Handles('taskDone')
export class TaskDone extends CommandHandler<TaskDonePayload, WhistleResult> {
  readonly payload = TaskDonePayload;
  readonly who = rolesFor('taskDone');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: TaskDonePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'taskDone', ...payload }, [
      { type: 'evidence', text: payload.evidence, taskId: payload.taskId },
    ]);
  }
}
