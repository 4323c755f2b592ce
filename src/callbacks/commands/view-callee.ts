import { IsUUID } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Purpose } from '../../commands/purpose.js';
import { ok, type Result } from '../../domain/result.js';
import { NumberViews } from '../../telephony/number-views.js';
import { Callees } from '../callees.js';

export class ViewCalleePayload implements CommandPayload<'viewCallee'> {
  @IsUUID('all', { message: '回拨编号应为 UUID' })
  callbackId!: string;

  @Purpose()
  purpose!: string;
}

/** The number to be called, unmasked, for who has the call-back in hand and says what for [CB5] [DG1] [DG5]. */
@Handles('viewCallee')
export class ViewCallee extends CommandHandler<ViewCalleePayload, CommandResult<'viewCallee'>> {
  readonly payload = ViewCalleePayload;
  readonly who = ['agent', 'follow_up_agent', 'shift_leader'] as const;
  override readonly personalAnswer = true;

  constructor(
    private readonly callees: Callees,
    private readonly views: NumberViews,
  ) {
    super();
  }

  async handle(
    { callbackId, purpose }: ViewCalleePayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'viewCallee'>>> {
    const found = await this.callees.known(context, callbackId);
    if (!found.ok) return found;
    const { orderNo } = found.value;
    if (!context.repeated) await this.views.note(context, { callbackId, orderNo, purpose });
    return ok({ phone: await this.callees.phone(context.tx, found.value) });
  }
}
