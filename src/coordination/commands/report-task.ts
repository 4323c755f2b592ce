import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { TaskId, Text } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class ReportTaskPayload extends AddsToWhistle implements CommandPayload<'reportTask'> {
  @TaskId()
  taskId!: string;

  @Text()
  text!: string;
}

/** [W9] How a task goes. */
@Handles('reportTask')
export class ReportTask extends CommandHandler<ReportTaskPayload, WhistleResult> {
  readonly payload = ReportTaskPayload;
  readonly who = rolesFor('reportTask');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: ReportTaskPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'reportTask', ...payload }, [
      { type: 'progress', text: payload.text, taskId: payload.taskId },
    ]);
  }
}
