import type { QueueItem } from './queue-item.js';

type Place = Pick<QueueItem, 'itemId' | 'critical' | 'atHead' | 'dueOrder' | 'queuedAt'>;

/**
 * [QS1] Critical before all others. [QS2] Among critical ones, and again among the others, what a seat gave up comes
 * first: that is the queue's head. So a returned item goes before everything that is not critical, a returned critical
 * one before everything that was not itself returned.
 */
export function turnOf({ critical, atHead }: Pick<QueueItem, 'critical' | 'atHead'>): number {
  return (critical ? 0 : 2) + (atHead ? 0 : 1);
}

/**
 * [RT6] What stands for the due time in the order of a queue. Work without one is due when patience ends, or work with
 * one would pass it for ever; work that was long overdue when it came goes no further ahead than the same time.
 * So whatever comes later than this plus the patience stands behind.
 */
export function dueOrderOf({ dueAt, queuedAt }: Pick<QueueItem, 'dueAt' | 'queuedAt'>, patienceMs: number): number {
  return dueAt === null ? queuedAt + patienceMs : Math.max(dueAt, queuedAt - patienceMs);
}

/** [QS1] By turn, then earliest due, then age; the id last, so that every node sees the same order. */
export function byTurn(a: Place, b: Place): number {
  return (
    turnOf(a) - turnOf(b) ||
    a.dueOrder - b.dueOrder ||
    a.queuedAt - b.queuedAt ||
    (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0)
  );
}
