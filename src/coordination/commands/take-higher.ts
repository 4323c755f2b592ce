import type { Role, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { WhistleDesk } from '../whistle-desk.js';
import { OnWhistle } from './on-whistle.js';

export class TakeHigherPayload extends OnWhistle {}

/** [W13] The hub takes a whistle to the joint meeting, when the time for a meeting or a task has run out twice. */
@Handles('takeHigher')
export class TakeHigher extends CommandHandler<TakeHigherPayload, WhistleResult> {
  readonly payload = TakeHigherPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle({ whistleNo }: TakeHigherPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    const reason = '会商或任务已逾期两次';
    const command = { name: 'escalateWhistle', whistleNo, to: 'joint_meeting', reason } as const;
    return this.desk.carryOut(context, command, [{ type: 'escalation', text: reason }]);
  }
}
