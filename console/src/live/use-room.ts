import type { Card, CardByKind, CardKey, CardKind, HubEvent, RoomName } from '@minqing-hub/client-sdk/protocol';
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { Hub, RoomHandle, RoomState } from '../hub';
import { oncePerFrame } from './next-frame';
import { useHub } from './use-hub';

export interface LiveRoom {
  name: ComputedRef<RoomName | null>;
  /** `none`: no room is asked for. */
  state: ShallowRef<RoomState | 'none'>;
  /** Why the hub does not let us in, when it does not. */
  why: ShallowRef<string | null>;
  card: <K extends CardKind>(kind: K, id: string) => CardByKind[K] | undefined;
  all: <K extends CardKind>(kind: K) => CardByKind[K][];
  latest: (key: string) => unknown;
  /** Moves with every event of the room. */
  offset: () => number;
}

export interface RoomOptions {
  /** For who makes the page's own hub known: there it cannot be asked for. */
  hub?: Hub;
  /** Every event while we are there, in its order. */
  onEvent?: (event: HubEvent) => void;
}

/**
 * A room's cards as the SDK keeps them, made visible to Vue at most once per frame. Reading through `card` or `all` inside
 * a computed value or a template is what makes it follow. `name` may change (another order is looked at) or be `null`.
 */
export function useRoom(name: () => RoomName | null, options: RoomOptions = {}): LiveRoom {
  const hub = options.hub ?? useHub();
  const wanted = computed(name);
  const tick = shallowRef(0);
  const state: ShallowRef<RoomState | 'none'> = shallowRef('none');
  const why: ShallowRef<string | null> = shallowRef(null);
  let room: RoomHandle | null = null;
  let leave: () => void = () => undefined;

  const show = oncePerFrame(() => {
    state.value = room?.state ?? 'none';
    why.value = room?.problem?.message ?? null;
    tick.value += 1;
  });

  watch(
    wanted,
    (next) => {
      leave();
      room = next === null ? null : hub.room(next);
      const stop = room?.onChange(show);
      const deaf = options.onEvent && room?.onEvent(options.onEvent);
      const entered = room;
      leave = () => {
        stop?.();
        deaf?.();
        entered?.close();
        show.cancel();
      };
      show();
      // What the SDK holds already is on the page in the same turn: no empty flash between two orders.
      state.value = room?.state ?? 'none';
      why.value = room?.problem?.message ?? null;
      tick.value += 1;
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(() => leave());

  const cards = (): ReadonlyMap<CardKey, Card> | null => {
    void tick.value;
    return room?.cards ?? null;
  };

  return {
    name: wanted,
    state,
    why,
    card: <K extends CardKind>(kind: K, id: string) =>
      cards()?.get(`${kind}:${id}` as CardKey) as CardByKind[K] | undefined,
    all: <K extends CardKind>(kind: K) => {
      const found: CardByKind[K][] = [];
      for (const [key, card] of cards() ?? []) if (key.startsWith(`${kind}:`)) found.push(card as CardByKind[K]);
      return found;
    },
    latest: (key) => {
      void tick.value;
      return room?.latest.get(key);
    },
    offset: () => {
      void tick.value;
      return room?.offset ?? 0;
    },
  };
}
