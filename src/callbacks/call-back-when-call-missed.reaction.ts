import { isMissed } from '../domain/telephony/call.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [CB1] Whichever event makes it known that the call was missed, and whose it is. */
@Reacts('call-back-when-call-missed')
export class CallBackWhenCallMissed extends Reaction {
  readonly on = ['call.offered', 'call.abandoned', 'call.hung_up'] as const;

  async commandsFor({ data }: LoggedEvent): Promise<ReactionCommand[]> {
    const call = data as { callId: string; abandonedAt: number | null; answeredAt: number | null };
    return isMissed(call) ? [{ name: 'callBackMissed', payload: { callId: call.callId } }] : [];
  }
}
