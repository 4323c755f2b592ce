import type {
  CitizenNotice,
  ClockView,
  OrderCard,
  OrderDetail,
  StubOrderCard,
  TrailEntry,
} from '@minqing-hub/client-sdk/protocol';
import { computed, type ComputedRef } from 'vue';
import { calls } from '../hub';
import { useHub } from './use-hub';
import { usePulled, type Pulled } from './use-pulled';
import { useRoom } from './use-room';

export interface OpenOrder {
  card: ComputedRef<OrderCard | StubOrderCard | undefined>;
  /** The newest version that this page knows: what commands on the order expect. */
  version: ComputedRef<number | null>;
  /** As its room tells them, else as they were pulled. */
  clocks: ComputedRef<readonly ClockView[]>;
  detail: Pulled<OrderDetail>;
  trail: Pulled<TrailEntry[]>;
  /** What its requester was told. */
  notices: Pulled<CitizenNotice[]>;
}

/**
 * One order that somebody looks at: its card live, its texts and its trail pulled again with every event of its room, and
 * when `held` changes: who has a confidential order in hand may read it, without being in its room.
 */
export function useOrder(orderNo: () => string | null, held: () => unknown = () => null): OpenOrder {
  const hub = useHub();
  const room = useRoom(() => {
    const no = orderNo();
    return no === null ? null : `order:${no}`;
  });
  const card = computed(() => {
    const no = orderNo();
    return no === null ? undefined : room.card('order', no);
  });
  const stamp = () => `${room.offset()}/${room.state.value !== 'offline'}/${String(held())}`;
  const detail = usePulled(orderNo, stamp, (no) => calls.order(hub, no));
  const trail = usePulled(orderNo, stamp, (no) => calls.trail(hub, no));
  const notices = usePulled(orderNo, stamp, (no) => calls.notices(hub, no));
  const version = computed(() => {
    const known = [card.value?.version, detail.value.value?.version].filter((v) => v !== undefined);
    return known.length > 0 ? Math.max(...known) : null;
  });
  // A card of before there were clocks has none.
  const clocks = computed(() => card.value?.clocks ?? detail.value.value?.clocks ?? []);
  return { card, version, clocks, detail, trail, notices };
}
