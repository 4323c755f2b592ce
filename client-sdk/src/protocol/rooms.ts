export type QueueId = 'register' | 'dispatch' | 'arbitration';

/** Everything that happens is told in rooms. See `docs/asyncapi.yaml` for who may enter which. */
export type RoomName =
  | `queue:${QueueId}`
  | `seat:${string}`
  | 'floor'
  | `desk:${string}`
  | `unit:${string}`
  | `leader:${string}`
  | `order:${string}`
  | `supervision:${string}`
  | 'lists';
