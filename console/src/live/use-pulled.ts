import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { errorOf } from '../hub';

/** Not there, or not for us (any more): what we hold must not stay on the page, and asking again does not help. */
export const isFinal = ({ code }: HubError): boolean =>
  ['order_not_found', 'whistle_not_found', 'not_found', 'forbidden'].includes(code);

export interface Pulled<T> {
  value: ShallowRef<T | null>;
  error: ShallowRef<HubError | null>;
  loading: ShallowRef<boolean>;
  pull: () => Promise<void>;
}

/**
 * What is not told in rooms (texts, masked persons, the trail) is pulled over HTTP: when `key` changes, and again whenever
 * `stamp` does (the version of the order's card). An answer that comes after the key changed is thrown away. While the hub
 * is gone what was pulled stays.
 */
export function usePulled<T>(
  key: () => string | null,
  stamp: () => unknown,
  fetch: (key: string) => Promise<T>,
): Pulled<T> {
  const value: ShallowRef<T | null> = shallowRef(null);
  const error: ShallowRef<HubError | null> = shallowRef(null);
  const loading = shallowRef(false);
  let round = 0;

  async function pull(): Promise<void> {
    const asked = key();
    const mine = ++round;
    if (asked === null) return;
    loading.value = true;
    try {
      const answer = await fetch(asked);
      if (mine !== round) return;
      value.value = answer;
      error.value = null;
    } catch (failure) {
      if (mine !== round) return;
      error.value = errorOf(failure);
      if (isFinal(error.value)) value.value = null;
    } finally {
      if (mine === round) loading.value = false;
    }
  }

  watch(
    [key, stamp],
    ([now], before) => {
      if (now !== before[0]) {
        value.value = null;
        error.value = null;
        loading.value = false;
      }
      void pull();
    },
    { immediate: true },
  );
  onScopeDispose(() => (round += 1));
  return { value, error, loading, pull };
}
