import type { CommandPayload, ReportInMode, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Maybe, OneOf, UnitId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { AddsToWhistle } from './on-whistle.js';

export class ReportInPayload extends AddsToWhistle implements CommandPayload<'reportIn'> {
  @Maybe()
  @UnitId()
  unitId?: string;

  @OneOf(['on_site', 'online'] satisfies ReportInMode[])
  mode!: ReportInMode;
}

/** [W3] Somebody of a called unit is there, on site or online. */
@Handles('reportIn')
export class ReportIn extends CommandHandler<ReportInPayload, WhistleResult> {
  readonly payload = ReportInPayload;
  readonly who = rolesFor('reportIn');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: ReportInPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'reportIn', ...payload });
  }
}
