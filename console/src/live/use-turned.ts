import { computed, type ComputedRef } from 'vue';
import { lastTurn, type Clocked } from './order-clocks';
import { useNow } from './use-now';

/** A hub time (ms UTC) at which these orders' clocks look as they do now; it moves only when one of them turns. */
export function useTurned(orders: () => readonly Clocked[]): ComputedRef<number> {
  const now = useNow();
  return computed(() => lastTurn(orders(), now.value));
}
