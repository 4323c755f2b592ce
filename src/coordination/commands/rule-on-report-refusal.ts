import type { CommandPayload, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { OneOf, ShortReason, UnitId } from '../../commands/payload-fields.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { WhistleDesk } from '../whistle-desk.js';
import { ChangesWhistle } from './on-whistle.js';

export class RuleOnReportRefusalPayload extends ChangesWhistle implements CommandPayload<'ruleOnReportRefusal'> {
  @UnitId()
  unitId!: string;

  @OneOf(['upheld', 'overruled'])
  ruling!: 'upheld' | 'overruled';

  @ShortReason()
  reason!: string;
}

/** [W4] An arbiter rules whether a unit must come. */
@Handles('ruleOnReportRefusal')
export class RuleOnReportRefusal extends CommandHandler<RuleOnReportRefusalPayload, WhistleResult> {
  readonly payload = RuleOnReportRefusalPayload;
  readonly who = rolesFor('ruleOnReportRefusal');

  constructor(private readonly desk: WhistleDesk) {
    super();
  }

  handle(payload: RuleOnReportRefusalPayload, context: CommandContext): Promise<Result<WhistleResult>> {
    return this.desk.carryOut(context, { name: 'ruleOnReportRefusal', ...payload }, [
      { type: 'ruling', text: payload.reason, unitId: payload.unitId },
    ]);
  }
}
