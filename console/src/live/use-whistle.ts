import type { StubWhistleCard, WhistleCard, WhistleDetail, WhistleMessages } from '@minqing-hub/client-sdk/protocol';
import { computed, type ComputedRef } from 'vue';
import { calls } from '../hub';
import { useHub } from './use-hub';
import { usePulled, type Pulled } from './use-pulled';
import { type LiveRoom, useRoom } from './use-room';

export interface OpenWhistle {
  room: LiveRoom;
  card: ComputedRef<WhistleCard | undefined>;
  detail: Pulled<WhistleDetail>;
  messages: Pulled<WhistleMessages>;
}

const isWhole = (card: WhistleCard | StubWhistleCard | undefined): card is WhistleCard =>
  card !== undefined && 'participants' in card;

/** One whistle that somebody looks at: its card live, its texts and what is said in its room pulled with every event of it. */
export function useWhistle(whistleNo: () => string): OpenWhistle {
  const hub = useHub();
  const room = useRoom(() => `whistle:${whistleNo()}`);
  const card = computed(() => {
    const found = room.card('whistle', whistleNo());
    return isWhole(found) ? found : undefined;
  });
  const stamp = () => `${room.offset()}/${room.state.value !== 'offline'}`;
  const detail = usePulled(whistleNo, stamp, (no) => calls.whistle(hub, no));
  const messages = usePulled(whistleNo, stamp, (no) => calls.whistleMessages(hub, no));
  return { room, card, detail, messages };
}
