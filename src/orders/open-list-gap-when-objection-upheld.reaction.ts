import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [T10] The duty list named a unit that was not in charge: its owner must settle that. */
@Reacts('open-list-gap-when-objection-upheld')
export class OpenListGapWhenObjectionUpheld extends Reaction {
  readonly on = ['order.objection_upheld'] as const;

  async commandsFor({ data: { orderNo, catalogCode, areaCode } }: LoggedEvent): Promise<ReactionCommand[]> {
    return [{ name: 'openListGap', payload: { orderNo, catalogCode, areaCode, cause: 'objection_upheld' } }];
  }
}
