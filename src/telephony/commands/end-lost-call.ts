import { IsString, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { CallDesk } from '../call-desk.js';
import { CallStore } from '../call-store.js';

export class EndLostCallPayload {
  @IsString()
  @MaxLength(64)
  callId!: string;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** [CT7] Nobody told the end of a call: it counts as over, as if it were hung up now. */
@Handles('endLostCall')
export class EndLostCall extends CommandHandler<EndLostCallPayload, { ended: boolean }> {
  readonly payload = EndLostCallPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly desk: CallDesk,
    private readonly calls: CallStore,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle({ callId, clockId }: EndLostCallPayload, context: CommandContext): Promise<Result<{ ended: boolean }>> {
    const { tx, now } = context;
    const call = await this.calls.lock(tx, callId);
    if (!(await this.clocks.ring(tx, clockId, now))) return ok({ ended: false });
    if (!call || call.clockId !== clockId) return ok({ ended: false });
    await this.desk.take(context, call, {
      key: clockId,
      callId,
      type: 'hung_up',
      at: now,
      seatId: null,
      caller: null,
      line: null,
      contentHash: '',
      recordedAt: now,
    });
    return ok({ ended: true });
  }
}
