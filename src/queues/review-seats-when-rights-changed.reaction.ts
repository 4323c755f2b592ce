import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import type { LoggedEvent } from '../event-log/logged-event.js';

/** Who may no longer serve a queue is offered nothing of it and holds nothing of it [QS4]; what somebody has learnt counts [RT2]. */
@Reacts('review-seats-when-rights-changed')
export class ReviewSeatsWhenRightsChanged extends Reaction {
  readonly on = ['identity.rights_changed', 'seat.skills_changed'] as const;

  async commandsFor(event: LoggedEvent): Promise<ReactionCommand[]> {
    return [{ name: 'reviewSeats', payload: { userId: event.data.userId } }];
  }
}
