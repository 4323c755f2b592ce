import type { CallerHistory } from '@minqing-hub/client-sdk/protocol';
import { shallowRef } from 'vue';
import { calls } from '../hub';
import { useHub } from './use-hub';
import { usePulled, type Pulled } from './use-pulled';

/** Whose earlier orders: of a call, which knows its caller, or of a number that was typed. */
export type CallerAsked = ({ callId: string } | { phone: string }) & { areaCode: string | null };

export interface CallerHistoryView {
  history: Pulled<CallerHistory>;
  /** `null`: there is nobody to ask about. */
  ask: (about: CallerAsked | null) => void;
  asked: () => boolean;
}

/** Earlier orders of who is calling, and of the neighbourhood. */
export function useCallerHistory(): CallerHistoryView {
  const hub = useHub();
  const about = shallowRef<CallerAsked | null>(null);
  const history = usePulled(
    () => {
      const now = about.value;
      if (now === null) return null;
      return `${'callId' in now ? `call ${now.callId}` : now.phone} ${now.areaCode ?? ''}`;
    },
    () => null,
    () => {
      const now = about.value;
      const areaCode = now?.areaCode ?? undefined;
      if (now && 'callId' in now) return calls.callHistory(hub, now.callId, areaCode);
      return calls.callerHistory(hub, now?.phone ?? '', areaCode);
    },
  );
  return { history, ask: (next) => (about.value = next), asked: () => about.value !== null };
}
