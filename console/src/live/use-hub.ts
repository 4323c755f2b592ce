import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { inject, type InjectionKey } from 'vue';
import type { Hub } from '../hub';

export const hubKey: InjectionKey<Hub> = Symbol('hub');
export const actorKey: InjectionKey<Actor> = Symbol('actor');

function given<T>(key: InjectionKey<T>): T {
  const value = inject(key);
  if (value === undefined) throw new Error('used outside of a logged-in page');
  return value;
}

/** The hub that this page is connected to. */
export const useHub = (): Hub => given(hubKey);

/** Who is logged in. Another login makes a new page, so this never changes under a view. */
export const useActor = (): Actor => given(actorKey);
