import type { Card, EventType, QueueItemCard, SeatCard } from '../../../client-sdk/src/protocol/index.js';

/** What of a logged event the floor's numbers rest on. */
export interface FloorEvent {
  type: EventType;
  at: number;
  /** The whole card after the event. */
  card: Card | null;
}

/** The card that a queue's event shows of its item; `undefined`: the event is not about one. */
export const itemShown = ({ type, card }: FloorEvent): QueueItemCard | undefined =>
  type.startsWith('queue.') && card && 'itemId' in card ? (card as QueueItemCard) : undefined;

/** The card that an event shows of a seat. */
export const seatShown = ({ type, card }: FloorEvent): SeatCard | undefined =>
  type.startsWith('seat.') && card && 'presence' in card ? card : undefined;
