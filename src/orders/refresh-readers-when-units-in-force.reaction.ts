import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** A reorganisation reaches the orders that are there already [I6]. */
@Reacts('refresh-readers-when-units-in-force')
export class RefreshReadersWhenUnitsInForce extends Reaction {
  readonly on = ['lists.activated'] as const;

  async commandsFor({ at, data }: LoggedEvent): Promise<ReactionCommand[]> {
    // One for later is told again when its time has come.
    if (data.list !== 'units' || (data.effectiveFrom as number) > at) return [];
    return [{ name: 'refreshReaders', payload: { afterOrderNo: '' } }];
  }
}
