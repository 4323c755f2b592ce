import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { UnitId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class NameLeadPayload extends ChangesWhistle implements CommandPayload<'nameLead'> {
  @UnitId()
  leadUnitId!: string;
}

/** [A7] Where nobody leads, the desk names a unit. */
@Handles('nameLead')
export class NameLead extends CommandHandler<NameLeadPayload, WhistleResult> {
  readonly payload = NameLeadPayload;
  readonly who = rolesFor('nameLead');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: NameLeadPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'nameLead', ...payload });
  }
}
