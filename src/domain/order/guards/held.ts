import type { Guard } from '../situation.js';
import { no } from './no.js';

/** [I4] What one seat has in hand no other seat works on. */
export const notHeldElsewhere: Guard = ({ holderSeatId, actor }) =>
  holderSeatId !== null && holderSeatId !== actor.seatId
    ? no('item_held_by_other', '这件工单正由另一坐席处理', 'I4')
    : undefined;
