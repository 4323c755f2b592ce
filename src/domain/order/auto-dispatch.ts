import type { DispatchSuggestion } from '@minqing-hub/client-sdk/protocol';
import type { DeferralCause } from './order-event.js';
import type { Order } from './order.js';

/** Whether the hub has still to find a unit by itself: once for each acceptance, never after people took over. */
export function awaitsAutoDispatch(order: Order): boolean {
  return order.state === 'pending_dispatch' && !order.needsDispatcher && order.assignments.length === 0;
}

/**
 * [DI1] Why the duty list's word is not enough for the hub to dispatch by itself; `undefined`: it is.
 * A fallback unit is no answer of the list (LI2): that nobody is named is what the list's owner must hear of.
 */
export function deferralCause(
  order: Order,
  suggestion: DispatchSuggestion | undefined,
  confidenceGate: number,
): DeferralCause | undefined {
  if (suggestion?.source === 'duty_rule') {
    return suggestion.confidence < confidenceGate ? 'confidence_below_gate' : undefined;
  }
  return order.catalogCode === null ? 'not_classified' : 'no_duty_rule';
}
