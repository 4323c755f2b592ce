import type { Presence } from './cards.js';
import type { HubError } from './errors.js';

/**
 * `POST /api/cti/events`: one, or an array of up to 100, from a telephone switch (`X-Api-Key`). In any order, any number of times.
 * Times are ISO 8601 with an offset.
 */
export interface TelephoneEvent {
  /** The switch's own, unique. */
  eventId: string;
  type: 'offered' | 'answered' | 'abandoned' | 'hung_up';
  callId: string;
  at: string;
  /** Where it rings or is spoken; absent while it waits in the switch. */
  seatId?: string;
  /** The caller's number, with the first event at the latest with `answered`. */
  caller?: string;
  /** The number or line that was dialled. */
  line?: string;
}
export interface TelephoneEventAnswer {
  eventId: string;
  /** By which the hub knows the call: the switch's own id, unless that could hold a number of somebody. */
  callId: string;
  duplicate: boolean;
  /** The seat's presence after it; `null` when the event drives none. */
  presence: Presence | null;
}
/** One per event of an array, in its order: one that is refused stops none of the others. */
export type TelephoneEventLine = TelephoneEventAnswer | { eventId: string | null; error: HubError };

/** `GET /api/calls/{callId}`: for the seat that has it. */
export interface CallDetail {
  callId: string;
  seatId: string | null;
  /** Masked. */
  caller: string | null;
  offeredAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  orderNo: string | null;
}

/** `GET /api/callbacks/{callbackId}`: for who holds it. Phone masked; `viewCallee` unmasks, for a purpose. */
export interface CallbackDetail {
  callbackId: string;
  cause: 'promised' | 'missed_call';
  orderNo: string | null;
  callId: string | null;
  phone: string | null;
  dueAt: number;
  reason: string | null;
  attempts: { at: number; outcome: string; note: string | null }[];
}
