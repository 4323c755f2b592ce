import type { WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { UnitId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { OnWhistle } from './on-whistle.js';

export class MarkAbsentPayload extends OnWhistle {
  @UnitId()
  unitId!: string;
}

/** [W5] A called unit has not come in its time. */
@Handles('markAbsent')
export class MarkAbsent extends CommandHandler<MarkAbsentPayload, WhistleResult> {
  readonly payload = MarkAbsentPayload;
  readonly who = rolesFor('markAbsent');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: MarkAbsentPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'markAbsent', ...payload });
  }
}
