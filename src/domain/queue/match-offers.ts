import type { QueueItem } from './queue-item.js';
import { byTurn } from './queue-order.js';
import { longestIdleFirst, type Seat } from './seat.js';

export interface Match {
  item: QueueItem;
  seat: Seat;
}

/** [QS1] [QS4] Each item in its turn goes to the longest idle seat that serves its queue; a seat gets one at a time. */
export function matchOffers(waiting: readonly QueueItem[], idle: readonly Seat[], limit: number): Match[] {
  const free = [...idle].sort(longestIdleFirst);
  const matches: Match[] = [];
  for (const item of [...waiting].sort(byTurn)) {
    if (matches.length === limit || free.length === 0) break;
    const at = free.findIndex((seat) => seat.queues.includes(item.queueId));
    if (at < 0) continue;
    matches.push({ item, seat: free[at]! });
    free.splice(at, 1);
  }
  return matches;
}
