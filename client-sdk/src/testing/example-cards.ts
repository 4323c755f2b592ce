import type { SeatCard } from '../protocol/index.js';

/** A seat that is ready, off any roster; `more` says what matters. */
export const exampleSeat = (more: Partial<SeatCard> = {}): SeatCard => ({
  seatId: '1',
  userId: 'u',
  presence: 'ready',
  presenceSince: 1,
  presenceUntil: null,
  signedOnAt: 1,
  shiftId: null,
  shiftEndsAt: null,
  listensTo: null,
  ...more,
});
