import type { QueueItemCard, StubQueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { awaitsWords, queueWords } from '../words';

/**
 * A unit's wish for the level above stands in the dispatch queue too (T33). What is there to be dispatched has a dispatch
 * due time from its acceptance on; a wish has none.
 */
export const isEscalation = (item: QueueItemCard | StubQueueItemCard): boolean =>
  item.queueId === 'dispatch' && item.dueAt === null;

export const taskWord = (item: QueueItemCard | StubQueueItemCard): string =>
  isEscalation(item) ? awaitsWords.escalation : queueWords[item.queueId];
