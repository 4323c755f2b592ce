import type { CallerHistory } from '@minqing-hub/client-sdk/protocol';
import { shallowRef } from 'vue';
import { calls } from '../hub';
import { useHub } from './use-hub';
import { usePulled, type Pulled } from './use-pulled';

export interface CallerHistoryView {
  history: Pulled<CallerHistory>;
  /** `null`: there is no number to ask about. */
  ask: (phone: string | null, areaCode: string | null) => void;
  asked: () => boolean;
}

/** Earlier orders of who is calling, and of the neighbourhood. */
export function useCallerHistory(): CallerHistoryView {
  const hub = useHub();
  const about = shallowRef<{ phone: string; areaCode: string | null } | null>(null);
  const history = usePulled(
    () => (about.value === null ? null : `${about.value.phone} ${about.value.areaCode ?? ''}`),
    () => null,
    () => calls.callerHistory(hub, about.value?.phone ?? '', about.value?.areaCode ?? undefined),
  );
  return {
    history,
    ask: (phone, areaCode) => (about.value = phone === null ? null : { phone, areaCode }),
    asked: () => about.value !== null,
  };
}
