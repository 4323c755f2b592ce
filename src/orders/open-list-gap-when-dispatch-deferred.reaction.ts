import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [LI2] The duty list names nobody for a matter: its owner must settle that. */
@Reacts('open-list-gap-when-dispatch-deferred')
export class OpenListGapWhenDispatchDeferred extends Reaction {
  readonly on = ['order.dispatch_deferred'] as const;

  async commandsFor({ data }: LoggedEvent): Promise<ReactionCommand[]> {
    if (data.cause !== 'no_duty_rule') return [];
    const { orderNo, catalogCode, areaCode, cause } = data;
    return [{ name: 'openListGap', payload: { orderNo, catalogCode, areaCode, cause } }];
  }
}
