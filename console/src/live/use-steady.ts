import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue';

/** So long after the last move of a hand the list is its own again. */
const HELD_MS = 2000;

export interface SteadyList<T> {
  shown: ComputedRef<readonly T[]>;
  /** Somebody has a hand on the list. */
  hold: () => void;
  letGo: () => void;
}

/**
 * A list that does not move under somebody's hand: while it is held its rows keep their places with what is new in them,
 * what left stays until then, and what came stands at the end. A hand that only rests there holds nothing back for long.
 */
export function useSteady<T>(items: () => readonly T[], idOf: (item: T) => string): SteadyList<T> {
  const held = shallowRef<readonly T[] | null>(null);
  let timer = 0;

  const shown = computed((): readonly T[] => {
    const before = held.value;
    if (before === null) return items();
    const now = new Map(items().map((item) => [idOf(item), item]));
    const kept = before.map((item) => {
      const id = idOf(item);
      const fresh = now.get(id) ?? item;
      now.delete(id);
      return fresh;
    });
    return [...kept, ...now.values()];
  });

  function letGo(): void {
    window.clearTimeout(timer);
    held.value = null;
  }
  function hold(): void {
    held.value ??= shown.value;
    window.clearTimeout(timer);
    timer = window.setTimeout(letGo, HELD_MS);
  }
  onScopeDispose(letGo);
  return { shown, hold, letGo };
}
