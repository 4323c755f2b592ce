import type { Card, HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { Cards, Entry, Unstamped } from '../history/entry.js';
import type { Check } from './violation.js';

export const EPOCH = 'e0';

/** A history written by hand, one entry a millisecond. */
export const history = (...entries: Unstamped[]): Entry[] => entries.map((entry, i) => ({ at: i * 1_000, ...entry }));

/** What a check says of it, in short. */
export const wrongsOf = (check: Check, entries: readonly Entry[]): string[] => check(entries).map(({ wrong }) => wrong);

export const event = (id: string, type = 'order.progressed', data: Record<string, unknown> = {}): HubEvent =>
  ({ id, type, at: 0, actor: 'agent001', data }) as HubEvent;

export const cards = (all: Record<string, object>): Cards => all as Record<string, Card>;

/** Subscription `sub` of a console of its own. */
export const inRoom = (room: string, sub = 1) => {
  const who = { console: `c${sub}`, sub, room };
  return {
    asked: (more: object = {}): Unstamped => ({ kind: 'asked', ...who, user: `u${sub}`, ...more }),
    snapshot: (offset: number, all: Record<string, object> = {}): Unstamped => ({
      kind: 'entered',
      ...who,
      mode: 'snapshot',
      epoch: EPOCH,
      offset,
      cards: cards(all),
    }),
    resumed: (offset: number): Unstamped => ({ kind: 'entered', ...who, mode: 'resumed', epoch: EPOCH, offset }),
    frame: (from: number, ...events: HubEvent[]): Unstamped => ({ kind: 'frame', ...who, epoch: EPOCH, from, events }),
    left: (why: 'cut' | 'revoked'): Unstamped => ({ kind: 'left', ...who, why }),
    fresh: (offset: number, all: Record<string, object> = {}): Unstamped => ({
      kind: 'fresh',
      console: 'fresh',
      room,
      epoch: EPOCH,
      offset,
      cards: cards(all),
      latest: {},
    }),
    store: (offset: number, all: Record<string, object> = {}, latest: object = {}): Unstamped => ({
      kind: 'store',
      console: 'sdk',
      room,
      epoch: EPOCH,
      offset,
      cards: cards(all),
      latest,
    }),
  };
};

/** A command and its answer. */
export function command(
  call: number,
  name: string,
  payload: Record<string, unknown>,
  said: { result?: Record<string, unknown>; code?: string },
  { user = 'u1', commandId = `id${call}`, malformed = false } = {},
): Unstamped[] {
  return [
    { kind: 'sent', user, call, name, commandId, payload, ...(malformed && { malformed }) },
    { kind: 'answered', user, call, ...said },
  ];
}
