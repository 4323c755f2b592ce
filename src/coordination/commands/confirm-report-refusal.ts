import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class ConfirmReportRefusalPayload extends ChangesWhistle implements CommandPayload<'confirmReportRefusal'> {}

/** [W4] The deputy leader stands by what their unit says against coming. */
@Handles('confirmReportRefusal')
export class ConfirmReportRefusal extends CommandHandler<ConfirmReportRefusalPayload, WhistleResult> {
  readonly payload = ConfirmReportRefusalPayload;
  readonly who = rolesFor('confirmReportRefusal');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: ConfirmReportRefusalPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'confirmReportRefusal', ...payload });
  }
}
