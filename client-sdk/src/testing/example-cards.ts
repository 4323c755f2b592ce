import type { QueueItemCard, SeatCard } from '../protocol/index.js';

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

/** A waiting item of an open order; `more` says what matters. */
export const exampleItem = (more: Partial<QueueItemCard> = {}): QueueItemCard => ({
  itemId: 'i1',
  queueId: 'dispatch',
  orderNo: 'GD-1',
  callbackId: null,
  state: 'queued',
  critical: false,
  dueAt: null,
  queuedAt: 1,
  seatId: null,
  offerEndsAt: null,
  kind: null,
  grade: 'normal',
  catalogCode: null,
  areaCode: null,
  visibility: 'public',
  needs: [],
  atHead: false,
  ...more,
});
