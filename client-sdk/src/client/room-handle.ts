import type { Card, CardKey, HubEvent, RoomName } from '../protocol/index.js';
import type { HubProblem } from './hub-problem.js';
import type { Stop } from './listeners.js';

/**
 * `subscribing`: asked, or catching up. `live`: holds what the hub holds. `offline`: no connection; the cards are those
 * of before. `revoked`: the right to see it was lost; the store is empty. `refused`: it was never given; see `problem`.
 */
export type RoomState = 'subscribing' | 'live' | 'offline' | 'revoked' | 'refused';

/** Told once per frame, snapshot, conflated value or change of state. */
export interface RoomChange {
  /** Cards that came, changed or went. */
  cards: readonly CardKey[];
  /** Keys of `latest` that changed. */
  latest: readonly string[];
  state: RoomState;
}

/** Where an event stands in its room. */
export interface EventPlace {
  room: RoomName;
  epoch: string;
  offset: number;
}

/** One reader of a room. Readers of the same room share one subscription; it ends when the last of them closes. */
export interface RoomHandle {
  readonly name: RoomName;
  /** The same map as long as the handle is open; the cards in it are never changed in place. */
  readonly cards: ReadonlyMap<CardKey, Card>;
  /** The newest conflated values (counters, provisional rankings). */
  readonly latest: ReadonlyMap<string, unknown>;
  readonly epoch: string | null;
  /** Offset of the last event that the cards hold. */
  readonly offset: number;
  readonly state: RoomState;
  /** Why it was refused or revoked. */
  readonly problem: HubProblem | null;
  onChange(listener: (change: RoomChange) => void): Stop;
  /** Every event once, in order, after the cards hold it. What a snapshot skips is not told. */
  onEvent(listener: (event: HubEvent, place: EventPlace) => void): Stop;
  /** Resolves when the room is live; rejects with `HubProblem` when it is refused, revoked or closed. */
  ready(): Promise<void>;
  close(): void;
}
