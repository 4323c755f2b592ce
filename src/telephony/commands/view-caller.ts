import { IsString, MaxLength } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Purpose } from '../../commands/purpose.js';
import { ok, type Result } from '../../domain/result.js';
import { CallBook } from '../call-book.js';
import { NumberViews } from '../number-views.js';

export class ViewCallerPayload implements CommandPayload<'viewCaller'> {
  @IsString({ message: '应为通话编号' })
  @MaxLength(128, { message: '应为通话编号' })
  callId!: string;

  @Purpose()
  purpose!: string;
}

/** The caller's number, unmasked, for who has the call and says what for [CT4] [DG1] [DG5]. */
@Handles('viewCaller')
export class ViewCaller extends CommandHandler<ViewCallerPayload, CommandResult<'viewCaller'>> {
  readonly payload = ViewCallerPayload;
  readonly who = ['agent', 'dispatcher', 'arbiter', 'follow_up_agent', 'shift_leader'] as const;
  override readonly personalAnswer = true;

  constructor(
    private readonly book: CallBook,
    private readonly views: NumberViews,
  ) {
    super();
  }

  async handle(
    { callId, purpose }: ViewCallerPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'viewCaller'>>> {
    const found = await this.book.known(context, callId);
    if (!found.ok) return found;
    const call = found.value;
    if (!context.repeated) await this.views.note(context, { callId: call.callId, orderNo: call.orderNo, purpose });
    return ok({ phone: await this.book.phone(context.tx, call) });
  }
}
