import type { AwaitedConfirmation, QueueItemCard, StubQueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { awaitsWords, queueWords } from '../words';

/**
 * What a piece of work is: in the dispatch queue stands also what a unit wants the desk's word for, the level above (T33)
 * or time (T17, T18). `awaits`: of its order, as far as it is known here.
 */
export const taskWord = (
  { queueId }: QueueItemCard | StubQueueItemCard,
  awaits: AwaitedConfirmation | null = null,
): string => (queueId === 'dispatch' && awaits !== null ? awaitsWords[awaits] : queueWords[queueId]);
