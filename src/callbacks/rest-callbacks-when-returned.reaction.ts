import type { QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [CB4] Who had it in hand when the hours ended may keep it; once they let it go nobody else gets it at night. */
@Reacts('rest-callbacks-when-returned')
export class RestCallbacksWhenReturned extends Reaction {
  readonly on = ['queue.item_returned'] as const;

  async commandsFor({ card }: LoggedEvent): Promise<ReactionCommand[]> {
    const { callbackId = null } = (card ?? {}) as Partial<QueueItemCard>;
    return callbackId === null ? [] : [{ name: 'restCallback', payload: { callbackId } }];
  }
}
