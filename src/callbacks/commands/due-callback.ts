import { IsString, IsUUID, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { CallbackDesk } from '../callback-desk.js';
import { CallbackStore } from '../callback-store.js';

export class DueCallbackPayload {
  @IsUUID('all')
  callbackId!: string;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** The time of a call-back has come [CB2], or, while it waits in the queue, the end of the hours in which people are called [CB4]. */
@Handles('dueCallback')
export class DueCallback extends CommandHandler<DueCallbackPayload, { queued: boolean }> {
  readonly payload = DueCallbackPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly desk: CallbackDesk,
    private readonly store: CallbackStore,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle(
    { callbackId, clockId }: DueCallbackPayload,
    context: CommandContext,
  ): Promise<Result<{ queued: boolean }>> {
    const callback = await this.store.lock(context.tx, callbackId);
    if (!(await this.clocks.ring(context.tx, clockId, context.now))) return ok({ queued: false });
    if (!callback || callback.state === 'done' || callback.clockId !== clockId) return ok({ queued: false });
    if (callback.state === 'scheduled') return ok({ queued: await this.desk.bringUp(context, callback) });
    await this.desk.closeHours(context, callback);
    return ok({ queued: false });
  }
}
