import type { ItemState, QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';
import type { View } from '../domain/access/audience.js';
import type { QueueItem } from '../domain/queue/queue-item.js';
import type { Seat } from '../domain/queue/seat.js';

/** The seat that an item is offered to or claimed by. */
export const holderOf = (item: QueueItem): string | null =>
  item.state === 'offered' || item.state === 'claimed' ? item.seatId : null;

export function itemCard(item: QueueItem & { state: ItemState }): QueueItemCard {
  return {
    itemId: item.itemId,
    queueId: item.queueId,
    orderNo: item.orderNo,
    state: item.state,
    critical: item.critical,
    dueAt: item.dueAt,
    amberAt: item.amberAt,
    overdueAt: item.overdueAt,
    queuedAt: item.queuedAt,
    seatId: item.seatId,
    offerEndsAt: item.offerEndsAt,
    kind: item.kind,
    grade: item.grade,
    catalogCode: item.catalogCode,
    areaCode: item.areaCode,
    visibility: item.visibility,
    callbackId: item.callbackId,
    needs: item.needs,
    atHead: item.atHead,
  };
}

/** All that serve the queue see it wait; a confidential one is whole only for the seat that has it. */
export function itemRooms(item: QueueItem): Record<string, View> {
  const holder = holderOf(item);
  return {
    [`queue:${item.queueId}`]: item.visibility === 'confidential' ? 'stub' : 'full',
    ...(holder === null ? {} : { [`seat:${holder}`]: 'full' as const }),
  };
}

export const seatCard = (seat: Seat): SeatCard => ({
  seatId: seat.seatId,
  userId: seat.userId,
  presence: seat.presence,
  presenceSince: seat.presenceSince,
  presenceUntil: seat.presenceUntil,
  signedOnAt: seat.signedOnAt,
  shiftId: seat.shiftId,
  shiftEndsAt: seat.shiftEndsAt,
  listensTo: seat.listensTo,
});

export const seatRooms = ({ seatId }: Pick<Seat, 'seatId'>): Record<string, View> => ({
  [`seat:${seatId}`]: 'full',
  floor: 'full',
});
