import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ListOf, Mark, UnitId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

class RatedUnit {
  @UnitId()
  unitId!: string;

  @Mark()
  promptness!: number;

  @Mark()
  effort!: number;

  @Mark()
  effect!: number;
}

export class AcceptResultPayload extends ChangesWhistle implements CommandPayload<'acceptResult'> {
  @ListOf(RatedUnit, 100)
  ratings!: RatedUnit[];
}

/** [W12] Who blew accepts, and rates every unit that was called. */
@Handles('acceptResult')
export class AcceptResult extends CommandHandler<AcceptResultPayload, WhistleResult> {
  readonly payload = AcceptResultPayload;
  readonly who = rolesFor('acceptResult');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: AcceptResultPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'acceptResult', ...payload });
  }
}
