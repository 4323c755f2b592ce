import type { Card, CardKey, HubEvent } from '@minqing-hub/client-sdk/protocol';

/** Cards as they came, by key. */
export type Cards = Record<CardKey, Card>;

export type FaultKind =
  | 'hub killed'
  | 'hub paused'
  | 'hub restarted'
  | 'redis killed'
  | 'redis flushed'
  | 'redis paused'
  | 'database killed'
  | 'database paused'
  | 'database lines cut'
  | 'database cut off'
  | 'line cut'
  | 'line half open'
  | 'line delayed'
  | 'reading stopped'
  | 'client clock jumped';

interface OnRoom {
  console: string;
  /** One subscription of one socket: what came under it came in one piece. */
  sub: number;
  room: string;
}

/**
 * One thing that a console did or saw, in the words of the wire. `at`: ms of the tester's own monotonic clock. The order
 * of entries is the order in which the tester saw them.
 */
export type Entry = { at: number } &
  /** `malformed`: out of form on purpose. */
  (
    | {
        kind: 'sent';
        user: string;
        call: number;
        name: string;
        commandId: string;
        payload: Record<string, unknown>;
        malformed?: boolean;
      }
    /** `result` of a success; `code` of a refusal. An answer that never came has no entry. */
    | { kind: 'answered'; user: string; call: number; result?: Record<string, unknown>; code?: string }
    /** `barred`: whose console it is has no right to the room, and never had. */
    | ({ kind: 'asked'; user: string; epoch?: string; offset?: number; barred?: boolean } & OnRoom)
    /** A snapshot in parts counts once it is whole. */
    | ({ kind: 'entered'; mode: 'resumed' | 'snapshot'; epoch: string; offset: number; cards?: Cards } & OnRoom)
    | ({ kind: 'refused'; code: string } & OnRoom)
    | ({ kind: 'frame'; epoch: string; from: number; events: readonly HubEvent[] } & OnRoom)
    | ({ kind: 'latest'; key: string; data: unknown } & OnRoom)
    /** Nothing more comes under this subscription. */
    | ({ kind: 'left'; why: 'cut' | 'resync' | 'revoked' | 'unsubscribed' } & OnRoom)
    /** An event that an SDK's store has applied. */
    | { kind: 'applied'; console: string; room: string; epoch: string; offset: number; id: string }
    /** What an SDK's store holds when everything is quiet. */
    | {
        kind: 'store';
        console: string;
        room: string;
        epoch: string | null;
        offset: number;
        cards: Cards;
        latest: unknown;
      }
    /** The same room as the hub sends it to a fresh console of the same person, when everything is quiet. */
    | { kind: 'fresh'; console: string; room: string; epoch: string; offset: number; cards: Cards; latest: unknown }
    /** A fresh console that is not let in, although everything is quiet. */
    | { kind: 'kept out'; console: string; room: string }
    /** An order as its own page shows it when everything is quiet; `version: null`: there is none. */
    | { kind: 'looked'; orderNo: string; version: number | null }
    | { kind: 'fault'; fault: FaultKind; target: string }
  );

export type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;
/** An entry before it has its time. */
export type Unstamped = { [K in Entry['kind']]: Omit<EntryOf<K>, 'at'> }[Entry['kind']];
