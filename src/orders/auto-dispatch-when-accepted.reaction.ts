import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [DI1] Automatic first: as soon as an order is accepted the hub looks for its unit. */
@Reacts('auto-dispatch-when-accepted')
export class AutoDispatchWhenAccepted extends Reaction {
  readonly on = ['order.accepted'] as const;

  async commandsFor(event: LoggedEvent): Promise<ReactionCommand[]> {
    return [{ name: 'autoDispatch', payload: { orderNo: event.data.orderNo } }];
  }

  /** Without the hub's own try it is for a dispatcher, and for nobody otherwise. */
  override commandsInstead(event: LoggedEvent): ReactionCommand[] {
    return [{ name: 'leaveToDispatcher', payload: { orderNo: event.data.orderNo } }];
  }
}
