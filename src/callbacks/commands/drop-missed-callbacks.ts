import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { CallBook } from '../../telephony/call-book.js';
import { CallbackDesk } from '../callback-desk.js';
import { CallbackStore } from '../callback-store.js';
import { OfCallPayload } from './call-back-missed.js';

/** [CB1] Who called again and was answered need not be called back. */
@Handles('dropMissedCallbacks')
export class DropMissedCallbacks extends CommandHandler<OfCallPayload, { dropped: number }> {
  readonly payload = OfCallPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly desk: CallbackDesk,
    private readonly store: CallbackStore,
    private readonly calls: CallBook,
  ) {
    super();
  }

  async handle({ callId }: OfCallPayload, context: CommandContext): Promise<Result<{ dropped: number }>> {
    const { tx } = context;
    const call = await this.calls.get(tx, callId);
    if (!call || call.caller === null || call.answeredAt === null) return ok({ dropped: 0 });
    let dropped = 0;
    for (const callbackId of await this.store.openOf(tx, call.caller, 'missed_call')) {
      const callback = await this.store.lock(tx, callbackId);
      const missed = callback?.callId ? await this.calls.get(tx, callback.callId) : undefined;
      // Who was answered, and called again later in vain, is still waiting.
      if (!callback || callback.state === 'done' || (missed?.abandonedAt ?? 0) > call.answeredAt) continue;
      await this.desk.end(context, callback, 'not_needed', false);
      dropped += 1;
    }
    return ok({ dropped });
  }
}
