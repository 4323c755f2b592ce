import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { useHub } from './use-hub';

/** The hub's time (ms, UTC), moved on every `everyMs`. Every countdown on the page reads this, never the computer's own clock. */
export function useNow(everyMs = 1000): Readonly<ShallowRef<number>> {
  const hub = useHub();
  const now = shallowRef(hub.hubNow());
  const timer = window.setInterval(() => (now.value = hub.hubNow()), everyMs);
  onScopeDispose(() => window.clearInterval(timer));
  return now;
}
