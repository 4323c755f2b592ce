import { askerOf, byFairness, type Candidate, type Floor, maySuit } from '../routing/routing.js';
import type { QueueItem } from './queue-item.js';
import { byTurn } from './queue-order.js';

export interface Match<I extends QueueItem = QueueItem, S extends Candidate = Candidate> {
  item: I;
  seat: S;
}

/**
 * [QS1] [RT7] Each item in its turn, across all queues, goes to the first of the seats that suit it; a seat gets one at
 * a time. An item that no free seat suits keeps its turn and holds up nobody.
 */
export function matchOffers<I extends QueueItem, S extends Candidate>(
  waiting: readonly I[],
  seats: readonly S[],
  floor: Floor,
  limit: number,
): Match<I, S>[] {
  const free = [...seats].sort(byFairness(floor.now, floor.rules));
  const askingOf = askerOf(floor);
  const matches: Match<I, S>[] = [];
  for (const item of [...waiting].sort(byTurn)) {
    if (matches.length === limit || free.length === 0) break;
    const asking = askingOf(item);
    const at = free.findIndex((seat) => maySuit(asking, seat, floor.rules));
    if (at < 0) continue;
    matches.push({ item, seat: free[at]! });
    free.splice(at, 1);
  }
  return matches;
}
