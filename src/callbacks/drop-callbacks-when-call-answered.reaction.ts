import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [CB1] Whichever event makes it known that the call was answered, and whose it is. */
@Reacts('drop-callbacks-when-call-answered')
export class DropCallbacksWhenCallAnswered extends Reaction {
  readonly on = ['call.offered', 'call.answered', 'call.hung_up'] as const;

  async commandsFor({ data }: LoggedEvent): Promise<ReactionCommand[]> {
    return data.answeredAt === null ? [] : [{ name: 'dropMissedCallbacks', payload: { callId: data.callId } }];
  }
}
