import type { PolicyDetail } from '@minqing-hub/client-sdk/protocol';
import { computed, type ComputedRef } from 'vue';
import { calls } from '../hub';
import { useHub } from '../live/use-hub';
import { usePulled, type Pulled } from '../live/use-pulled';
import { useRoom, type LiveRoom } from '../live/use-room';

export interface Policies {
  room: LiveRoom;
  /** By their keys; as the room has them now, with the sentences and bounds that are pulled. */
  all: ComputedRef<PolicyDetail[]>;
  of: (key: string) => PolicyDetail | undefined;
  pulled: Pulled<PolicyDetail[]>;
}

/** Values, versions and plans are told in the room; what each policy means changes with the program alone and is pulled. */
export function usePolicies(): Policies {
  const hub = useHub();
  const room = useRoom(() => 'policy');
  const cards = computed(() => new Map(room.all('policy').map((card) => [card.key, card])));
  const pulled = usePulled(
    () => 'policy',
    // Another program has other policies, and other bounds.
    () => [...cards.value.keys()].sort().join(),
    () => calls.policy(hub),
  );
  const all = computed(() =>
    (pulled.value.value ?? []).map((detail) => ({ ...detail, ...cards.value.get(detail.key) })),
  );
  return { room, all, of: (key) => all.value.find((one) => one.key === key), pulled };
}
