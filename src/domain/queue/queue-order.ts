import type { QueueItem } from './queue-item.js';

type Place = Pick<QueueItem, 'itemId' | 'critical' | 'atHead' | 'dueAt' | 'queuedAt'>;

/**
 * [QS1] Critical before all others. [QS2] Among critical ones, and again among the others, what a seat gave up comes
 * first: that is the queue's head. So a returned item goes before everything that is not critical, a returned critical
 * one before everything that was not itself returned.
 */
export function turnOf({ critical, atHead }: Pick<QueueItem, 'critical' | 'atHead'>): number {
  return (critical ? 0 : 2) + (atHead ? 0 : 1);
}

/** Later than every due time: what has none waits for its age alone. */
export const NO_DUE = Number.MAX_SAFE_INTEGER;

/** [QS1] By turn, then earliest due, then age; the id last, so that every node sees the same order. */
export function byTurn(a: Place, b: Place): number {
  return (
    turnOf(a) - turnOf(b) ||
    (a.dueAt ?? NO_DUE) - (b.dueAt ?? NO_DUE) ||
    a.queuedAt - b.queuedAt ||
    (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0)
  );
}
