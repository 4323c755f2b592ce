import type { QueueFirst, QueueId, QueueStats } from '@minqing-hub/client-sdk/protocol';
import { computed, type ComputedRef } from 'vue';
import type { Hub } from '../hub';
import { useRoom, type LiveRoom } from './use-room';

/** A queue as the many see it: what the hub counts in it, and the items whose turn is next. */
export interface QueueHead {
  id: QueueId;
  room: LiveRoom;
  stats: ComputedRef<QueueStats | null>;
  first: ComputedRef<QueueFirst>;
}

export function useQueueHead(id: QueueId, hub?: Hub): QueueHead {
  const room = useRoom(() => `head:${id}`, hub ? { hub } : {});
  return {
    id,
    room,
    stats: computed(() => (room.latest('queue.stats') as QueueStats | undefined) ?? null),
    first: computed(() => (room.latest('queue.first') as QueueFirst | undefined) ?? []),
  };
}
