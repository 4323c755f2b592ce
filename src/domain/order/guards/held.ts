import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** [I4] [QS5] What one seat has in hand, or is being offered, no other seat works on. */
export const notHeldElsewhere: Guard = ({ holderSeatId, offeredSeatId, actor }) => {
  const isElsewhere = (seatId: string | null) => seatId !== null && seatId !== actor.seatId;
  if (isElsewhere(holderSeatId)) return no('item_held_by_other', '这件工单正由另一坐席处理', 'I4');
  if (isElsewhere(offeredSeatId)) return no('item_held_by_other', '这件工单正提供给另一坐席，请稍候', 'QS5');
  return undefined;
};
