import type { FloorLatest, FloorSeat, Presence, QueueId, QueueStats, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { calls } from '../hub';
import { useHub } from '../live/use-hub';
import { useNow } from '../live/use-now';
import { usePulled, type Pulled } from '../live/use-pulled';
import { useRoom, type LiveRoom } from '../live/use-room';

export const QUEUES: readonly QueueId[] = ['register', 'dispatch', 'arbitration', 'callback'];
export const PRESENCES: readonly Presence[] = ['ready', 'busy', 'wrap_up', 'break', 'training', 'offline'];

/** What the hub counts, as it tells it: never counted again on this page, so that every screen shows the same. */
export interface Floor {
  room: LiveRoom;
  queue: (id: QueueId) => QueueStats | null;
  calls: ComputedRef<FloorLatest['floor.calls'] | null>;
  /** By presence; where the hub has not told it yet, from the seats. */
  counts: ComputedRef<Record<Presence, number>>;
  seats: ComputedRef<SeatCard[]>;
}

export function useFloor(): Floor {
  const room = useRoom(() => 'floor');
  const latest = <K extends keyof FloorLatest>(key: K) => room.latest(key) as FloorLatest[K] | undefined;
  const seats = computed(() => room.all('seat').sort((a, b) => (a.seatId < b.seatId ? -1 : 1)));
  const counts = computed(() => {
    const none: Record<Presence, number> = { ready: 0, busy: 0, wrap_up: 0, break: 0, training: 0, offline: 0 };
    const told = latest('floor.seats');
    if (told) return { ...none, ...told };
    for (const { presence } of seats.value) none[presence] += 1;
    return none;
  });
  return {
    room,
    queue: (id) => latest('floor.queues')?.[id] ?? null,
    calls: computed(() => latest('floor.calls') ?? null),
    counts,
    seats,
  };
}

const AGAIN_MS = 5_000;

/** Who sits where by name, and what they have done in this shift: pulled now and then while somebody looks. */
export function useFloorSeats(): { pulled: Pulled<FloorSeat[]>; of: (seatId: string) => FloorSeat | undefined } {
  const hub = useHub();
  const now = useNow(AGAIN_MS);
  const round = shallowRef(0);
  watch(now, () => {
    if (document.visibilityState === 'visible') round.value += 1;
  });
  const pulled = usePulled(
    () => 'floor',
    () => round.value,
    () => calls.floorSeats(hub),
  );
  const byId = computed(() => new Map((pulled.value.value ?? []).map((seat) => [seat.seatId, seat])));
  return { pulled, of: (seatId) => byId.value.get(seatId) };
}
