import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { Hub } from '../hub';
import { useHub } from './use-hub';

interface Ticking {
  now: ShallowRef<number>;
  readers: number;
  timer: number;
}

/** One for each pace, however many read it. */
const tickings = new WeakMap<Hub, Map<number, Ticking>>();

/**
 * The hub's time (ms, UTC), moved on every `everyMs`. Every countdown on the page reads this, never the computer's own
 * clock. It moves when the hub's own time comes to the next whole step, so that consoles side by side turn together.
 */
export function useNow(everyMs = 1000): Readonly<ShallowRef<number>> {
  const hub = useHub();
  const ofHub = tickings.get(hub) ?? new Map<number, Ticking>();
  tickings.set(hub, ofHub);
  const ticking = ofHub.get(everyMs) ?? { now: shallowRef(hub.hubNow()), readers: 0, timer: 0 };
  ofHub.set(everyMs, ticking);

  // Looked at every second at least: the hub's time is learnt, and may be set, in the midst of a long step.
  const lookMs = Math.min(everyMs, 1000);
  const stepOf = (at: number): number => Math.floor(at / everyMs);
  const move = (): void => {
    const now = hub.hubNow();
    if (ticking.readers === 0 || stepOf(now) !== stepOf(ticking.now.value)) ticking.now.value = now;
    ticking.timer = window.setTimeout(move, lookMs - (now % lookMs));
  };
  if (ticking.readers === 0) move();
  ticking.readers += 1;
  onScopeDispose(() => {
    ticking.readers -= 1;
    if (ticking.readers > 0) return;
    window.clearTimeout(ticking.timer);
    ofHub.delete(everyMs);
  });
  return ticking.now;
}
