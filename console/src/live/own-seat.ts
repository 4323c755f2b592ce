import type { Actor, Presence, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { computed, inject, shallowRef, watch, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import { calls, type Hub } from '../hub';
import { useRoom, type LiveRoom } from './use-room';

/** Where the person at this page sits, and what the hub says of that seat. */
export interface OwnSeat {
  /** `null`: nowhere. */
  seatId: ShallowRef<string | null>;
  room: LiveRoom;
  card: ComputedRef<SeatCard | undefined>;
  /** `null` while it is not known. A seat that nobody ever sat down at has no card: it is offline. */
  presence: ComputedRef<Presence | null>;
  /** The seat that this person had until somebody signed on there, or they themselves elsewhere. */
  lost: ShallowRef<string | null>;
  /** Moves with every message to the seat. */
  messages: ShallowRef<number>;
  /** The hub has said that this is the seat now. */
  sitAt: (seatId: string) => void;
}

export const ownSeatKey: InjectionKey<OwnSeat> = Symbol('own seat');

export function useOwnSeat(): OwnSeat {
  const seat = inject(ownSeatKey);
  if (!seat) throw new Error('useOwnSeat outside of a logged-in page');
  return seat;
}

/**
 * The account says where somebody sits, and it changes while the page is open: by signing on at another seat, on this page
 * or another one. A room that is closed to us is the sign for the latter.
 */
export function createOwnSeat(hub: Hub, actor: Actor): OwnSeat {
  const seatId: ShallowRef<string | null> = shallowRef(actor.seatId ?? null);
  const lost: ShallowRef<string | null> = shallowRef(null);
  const messages = shallowRef(0);
  const room = useRoom(() => (seatId.value === null ? null : `seat:${seatId.value}`), {
    hub,
    onEvent: ({ type }) => (messages.value += type === 'seat.message_sent' ? 1 : 0),
  });
  const card = computed(() => (seatId.value === null ? undefined : room.card('seat', seatId.value)));
  const presence = computed(() => card.value?.presence ?? (room.state.value === 'live' ? 'offline' : null));

  function sitAt(next: string): void {
    lost.value = null;
    if (seatId.value === next) seatId.value = null;
    seatId.value = next;
  }

  async function lookAgain(before: string): Promise<void> {
    const now = await calls.whoAmI(hub).catch(() => null);
    if (seatId.value !== before || now === null) return;
    if (now.seatId === before) return;
    lost.value = before;
    seatId.value = now.seatId ?? null;
  }

  watch(room.state, (state) => {
    if ((state === 'revoked' || state === 'refused') && seatId.value !== null) void lookAgain(seatId.value);
  });

  return { seatId, room, card, presence, lost, messages, sitAt };
}
