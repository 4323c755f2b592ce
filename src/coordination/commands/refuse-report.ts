import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ReasonCode, Text } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class RefuseReportPayload extends AddsToWhistle implements CommandPayload<'refuseReport'> {
  @ReasonCode()
  reasonCode!: string;

  @Text()
  basis!: string;
}

/** [W4] A called unit holds the matter not to be its own. */
@Handles('refuseReport')
export class RefuseReport extends CommandHandler<RefuseReportPayload, WhistleResult> {
  readonly payload = RefuseReportPayload;
  readonly who = rolesFor('refuseReport');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: RefuseReportPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'refuseReport', ...payload }, [
      { type: 'refusal', text: payload.basis },
    ]);
  }
}
