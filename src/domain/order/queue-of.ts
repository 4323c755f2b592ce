import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import type { Order } from './order.js';

/**
 * The queue that an order stands in, if somebody of the centre must do the next thing.
 * What awaits a shift leader's word is on the floor's desk, not in an agent's hands.
 */
export function queueOf(order: Order): QueueId | null {
  if (order.proposal?.awaits === 'escalation') return 'dispatch';
  switch (order.state) {
    case 'registered':
      return order.proposal ? null : 'register';
    case 'pending_dispatch':
      return order.needsDispatcher ? 'dispatch' : null;
    case 'under_arbitration':
      return 'arbitration';
    default:
      return null;
  }
}
