export type QueueId = 'register' | 'dispatch' | 'arbitration' | 'callback';

/** Everything that happens is told in rooms. See `docs/asyncapi.yaml` for who may enter which. */
export type RoomName =
  | `queue:${QueueId}`
  /** The queue's counters and first items as conflated values, for the many; no cards, no events. */
  | `head:${QueueId}`
  | `seat:${string}`
  | 'floor'
  | `desk:${string}`
  | `unit:${string}`
  | `leader:${string}`
  | `order:${string}`
  | `whistle:${string}`
  | `supervision:${string}`
  | 'lists'
  | 'knowledge'
  | 'policy';
