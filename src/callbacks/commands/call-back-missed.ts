import { IsString, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { callableFrom } from '../../domain/callback/calling-hours.js';
import { ok, type Result } from '../../domain/result.js';
import { isMissed } from '../../domain/telephony/call.js';
import { CallBook } from '../../telephony/call-book.js';
import { CallbackDesk } from '../callback-desk.js';
import { CallbackPolicy } from '../callback-policy.js';
import { CallbackStore } from '../callback-store.js';

export class OfCallPayload {
  @IsString()
  @MaxLength(64)
  callId!: string;
}

/**
 * [CB1] Who gave up waiting is called back: once, however often they called, and not if they have been answered or are to
 * be called anyhow.
 */
@Handles('callBackMissed')
export class CallBackMissed extends CommandHandler<OfCallPayload, { callbackId: string | null }> {
  readonly payload = OfCallPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly desk: CallbackDesk,
    private readonly store: CallbackStore,
    private readonly calls: CallBook,
    private readonly policy: CallbackPolicy,
  ) {
    super();
  }

  async handle({ callId }: OfCallPayload, context: CommandContext): Promise<Result<{ callbackId: string | null }>> {
    const { tx, now } = context;
    const none = ok({ callbackId: null });
    const call = this.policy.afterMissed ? await this.calls.get(tx, callId) : undefined;
    if (!call || call.caller === null || !isMissed(call)) return none;
    if (await this.calls.answeredSince(tx, call.caller, call.abandonedAt!)) return none;
    if ((await this.store.openOf(tx, call.caller)).length > 0) return none;
    const callbackId = await this.desk.arrange(context, {
      cause: 'missed_call',
      orderNo: null,
      callId,
      phoneDigest: call.caller,
      dueAt: callableFrom(now, this.policy.hours),
    });
    return ok({ callbackId: callbackId ?? null });
  }
}
