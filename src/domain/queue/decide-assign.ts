import { ok, refuse, type Result } from '../result.js';
import type { QueueItem } from './queue-item.js';
import type { Seat } from './seat.js';

/** [RT9] May a shift leader give the seat this item? How busy it is, and what its user can, is theirs to judge. */
export function decideAssign(item: QueueItem, seat: Seat): Result<'assign' | 'already_held'> {
  if (item.state === 'done') return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
  if (item.state === 'claimed' && item.seatId === seat.seatId) return ok('already_held');
  if (seat.presence === 'offline') {
    return refuse('seat_not_ready', '该坐席已离线，不能指派', { field: 'seatId', clause: 'RT9' });
  }
  return seat.queues.includes(item.queueId)
    ? ok('assign')
    : refuse('skill_missing', '该坐席不承接这个队列的工作', { field: 'seatId', clause: 'RT9' });
}

/** [RT10] */
export function decideTakeBack(item: QueueItem): Result<'take_back'> {
  switch (item.state) {
    case 'done':
      return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    case 'queued':
      return refuse('not_offered_to_seat', '这件工作不在任何坐席手中', { field: 'itemId', clause: 'RT10' });
    case 'offered':
    case 'claimed':
      return ok('take_back');
  }
}
