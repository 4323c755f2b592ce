import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CallBook } from '../telephony/call-book.js';
import { CallbackStore } from './callback-store.js';

/** [CB1] Whichever event makes it known that the call was answered, and whose it is. */
@Reacts('drop-callbacks-when-call-answered')
export class DropCallbacksWhenCallAnswered extends Reaction {
  readonly on = ['call.offered', 'call.answered', 'call.hung_up'] as const;

  constructor(
    private readonly readModel: ReadModel,
    private readonly calls: CallBook,
    private readonly callbacks: CallbackStore,
  ) {
    super();
  }

  async commandsFor({ data }: LoggedEvent): Promise<ReactionCommand[]> {
    const callId = data.callId as string;
    if (data.answeredAt === null || !(await this.mayBeWaiting(callId))) return [];
    return [{ name: 'dropMissedCallbacks', payload: { callId } }];
  }

  /** Few callers are to be called back. What is arranged after this look takes account of the answer by itself. */
  private async mayBeWaiting(callId: string): Promise<boolean> {
    return this.readModel.run(async (tx) => {
      const caller = (await this.calls.get(tx, callId))?.caller ?? null;
      return caller !== null && (await this.callbacks.openOf(tx, caller, 'missed_call')).length > 0;
    });
  }
}
