import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import type { LoggedEvent } from '../event-log/logged-event.js';

/** [RT11] The order of a queue rests on a policy, and is kept in its rows. */
@Reacts('reorder-queues-when-patience-changed')
export class ReorderQueuesWhenPatienceChanged extends Reaction {
  readonly on = ['policy.changed'] as const;

  async commandsFor({ data }: LoggedEvent): Promise<ReactionCommand[]> {
    if (data.key !== 'routing.patienceMinutes') return [];
    return [{ name: 'reorderQueues', payload: { patienceMinutes: data.value, version: data.version } }];
  }
}
