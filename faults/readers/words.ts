import type { Violation } from '../check/violation.js';
import type { Entry, FaultKind } from '../history/entry.js';
import type { Span } from '../recovery.js';

export type { SubscribeAnswer } from '@minqing-hub/client-sdk/protocol';

/** As far as readers look at what the hub tells them besides frames. */
export interface Resync {
  room?: string;
  retryAfterMs?: number;
}

/** Some who look at the same rooms. */
export interface ReaderGroup {
  user: string;
  token: string;
  rooms: readonly string[];
  count: number;
}

export interface ReadersPlan {
  seed: number;
  ports: readonly number[];
  groups: readonly ReaderGroup[];
}

/** So far a room has come when all is quiet. */
export interface RoomHead {
  room: string;
  epoch: string;
  offset: number;
}

/** What the tester tells its readers. */
export type ToReaders =
  | { kind: 'break'; fault: FaultKind; share: number; ms: number }
  | { kind: 'end'; heads: RoomHead[]; patienceMs: number };

/** What the readers tell the tester. */
export type FromReaders =
  | { kind: 'in' }
  | { kind: 'broken'; count: number }
  | {
      kind: 'ended';
      /** Of the clock of this: `performance.timeOrigin` of the readers' own thread. */
      origin: number;
      deliveries: number;
      recoveries: Span[];
      violations: Violation[];
      /** What led to the violations, and then all that the readers agree on. */
      history: Entry[];
    };
