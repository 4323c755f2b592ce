import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ShortReason, TaskId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class WaiveTaskPayload extends ChangesWhistle implements CommandPayload<'waiveTask'> {
  @TaskId()
  taskId!: string;

  @ShortReason()
  reason!: string;
}

/** [W9] The lead says why a task is needed no more. */
@Handles('waiveTask')
export class WaiveTask extends CommandHandler<WaiveTaskPayload, WhistleResult> {
  readonly payload = WaiveTaskPayload;
  readonly who = rolesFor('waiveTask');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: WaiveTaskPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'waiveTask', ...payload }, [
      { type: 'waiver', text: payload.reason, taskId: payload.taskId },
    ]);
  }
}
