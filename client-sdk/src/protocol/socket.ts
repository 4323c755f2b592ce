import type { Card, CardKey } from './card-kinds.js';
import type { CommandName, CommandPayload, CommandResult } from './commands.js';
import type { HubError } from './errors.js';
import type { HubEvent } from './events.js';

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: HubError };

export interface SubscribeCall {
  room: string;
  epoch?: string;
  /** Offset of the last event that the caller's store has applied. */
  offset?: number;
}

/**
 * `resumed`: the missed events follow as frames from `offset + 1` of the call.
 * `snapshot`: `snapshot` holds the effects of exactly the events up to `offset`; the next event has `offset + 1`.
 * With `parts > 1` the ack carries part 1, the others follow as `snapshotPart` before any frame of the room.
 */
export type SubscribeAnswer = Answer<
  | { mode: 'resumed'; epoch: string; offset: number }
  | { mode: 'snapshot'; epoch: string; offset: number; snapshot: RoomSnapshot; parts: number }
>;

export interface RoomSnapshot {
  cards: Record<CardKey, Card>;
}

export interface SnapshotPart {
  room: string;
  epoch: string;
  offset: number;
  /** 2 … parts */
  part: number;
  parts: number;
  cards: Record<CardKey, Card>;
}

/** `events[i]` has offset `from + i`. */
export interface Frame {
  room: string;
  epoch: string;
  from: number;
  events: HubEvent[];
}

/** A conflated value: only the newest `version` of a key matters. */
export interface Latest {
  room: string;
  key: string;
  version: number;
  data: unknown;
}

export interface CommandCall<N extends CommandName = CommandName> {
  name: N;
  /** A UUID made by the caller; the same id again gets the same answer and has no second effect. */
  commandId: string;
  payload: CommandPayload<N>;
}
export type CommandAnswer<N extends CommandName = CommandName> = Answer<{ result: CommandResult<N> }>;

export interface ClientToHub {
  subscribe: (call: SubscribeCall, ack: (answer: SubscribeAnswer) => void) => void;
  unsubscribe: (call: { room: string }, ack: (answer: Answer<object>) => void) => void;
  renew: (call: { token: string }, ack: (answer: Answer<{ expiresAt: number }>) => void) => void;
  command: (call: CommandCall, ack: (answer: CommandAnswer) => void) => void;
}

export interface HubToClient {
  frame: (frame: Frame) => void;
  snapshotPart: (part: SnapshotPart) => void;
  latest: (latest: Latest) => void;
  /** Subscribe again with your offset. */
  resync: (call: { room: string; code: 'slow_console' | 'log_epoch_changed' | 'not_caught_up' }) => void;
  revoked: (call: { room: string; code: 'rights_changed' | 'order_moved' | 'session_ended' }) => void;
  goaway: (call: { retryAfterMs: number }) => void;
  /** Every 5 s: the hub's time, and how far this node's tail is behind the log. */
  pulse: (pulse: { now: number; tailLagMs: number }) => void;
}
