import type { CommandPayload, WhistleEscalation, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { OneOf, ShortReason } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class EscalateWhistlePayload extends ChangesWhistle implements CommandPayload<'escalateWhistle'> {
  @OneOf(['joint_meeting', 'task_force', 'party_government_meeting'] satisfies WhistleEscalation[])
  to!: WhistleEscalation;

  @ShortReason()
  reason!: string;
}

/** [W13] It goes to a higher meeting. */
@Handles('escalateWhistle')
export class EscalateWhistle extends CommandHandler<EscalateWhistlePayload, WhistleResult> {
  readonly payload = EscalateWhistlePayload;
  readonly who = rolesFor('escalateWhistle');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: EscalateWhistlePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'escalateWhistle', ...payload }, [
      { type: 'escalation', text: payload.reason },
    ]);
  }
}
