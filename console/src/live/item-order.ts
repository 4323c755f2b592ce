import type { QueueItemCard, StubQueueItemCard } from '@minqing-hub/client-sdk/protocol';

type Item = QueueItemCard | StubQueueItemCard;

/** The order in which a queue is worked: critical before all, then what a seat gave up, then what is due first, then what has waited longest. */
export function byUrgency(a: Item, b: Item): number {
  if (a.critical !== b.critical) return a.critical ? -1 : 1;
  if (a.atHead !== b.atHead) return a.atHead ? -1 : 1;
  const due = (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity);
  if (due !== 0 && !Number.isNaN(due)) return due;
  return a.queuedAt - b.queuedAt || (a.itemId < b.itemId ? -1 : 1);
}
