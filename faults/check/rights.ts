import type { Card, OrderCard, QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import type { Entry } from '../history/entry.js';
import type { Check, Violation } from './violation.js';

/** All that shared rooms may show of what is confidential. [DG4] */
const STUB = new Set<string>([
  ...([
    'orderNo',
    'version',
    'state',
    'visibility',
    'grade',
    'dispatchDueAt',
    'awaits',
    'clocks',
  ] satisfies (keyof OrderCard)[]),
  ...([
    'itemId',
    'queueId',
    'callbackId',
    'critical',
    'dueAt',
    'amberAt',
    'overdueAt',
    'queuedAt',
    'seatId',
    'offerEndsAt',
    'atHead',
  ] satisfies (keyof QueueItemCard)[]),
]);
const SHARED = /^(queue|desk|unit|supervision|leader|floor)\b/;
/** Without a role that may enter a room or issue a command. */
const NOTHING = 'assessor';
/** A change of rights is in force so long after its ack at the latest. */
const IN_FORCE_MS = 1_000;

export interface RightsTimes {
  /**
   * Whether a loss of rights has its place in the log when it is acknowledged. Otherwise it may get one behind events that
   * were still on their way to a commit then.
   */
  placedAtAck: boolean;
}

/** [I6] No room opens to who has no right to it; no word of it after the loss of one; no confidential word to the many. */
export const rights =
  (times: RightsTimes): Check =>
  (history) => [
    ...doors(history),
    ...shutOut(history),
    ...afterWord(history),
    ...afterLoss(history, times),
    ...leaks(history),
  ];

function doors(history: readonly Entry[]): Violation[] {
  const barred = new Map<number, string>();
  return history.flatMap((entry): Violation[] => {
    if (entry.kind === 'asked' && entry.barred) barred.set(entry.sub, entry.user);
    const user = entry.kind === 'entered' ? barred.get(entry.sub) : undefined;
    if (user === undefined || entry.kind !== 'entered') return [];
    return [{ wrong: 'seen without right', subject: `${user} ${entry.room}`, sentence: 'was let in' }];
  });
}

/** Who has a right and never lost it is let in. */
function shutOut(history: readonly Entry[]): Violation[] {
  const losers = new Set<string>();
  const asked = new Map<number, Entry & { kind: 'asked' }>();
  for (const entry of history) {
    if (entry.kind === 'asked') asked.set(entry.sub, entry);
    if (entry.kind === 'sent' && entry.name === 'changeRights') losers.add(String(entry.payload.userId));
  }
  return history.flatMap((entry): Violation[] => {
    if (entry.kind !== 'refused' || entry.code !== 'forbidden') return [];
    const { user, barred } = asked.get(entry.sub) ?? {};
    if (user === undefined || barred || losers.has(user)) return [];
    return [{ wrong: 'answered wrongly', subject: `${user} ${entry.room}`, sentence: 'was not let in' }];
  });
}

/** The hub's own word that a right is lost is the last of that room. */
function afterWord(history: readonly Entry[]): Violation[] {
  const revoked = new Set<number>();
  return history.flatMap((entry): Violation[] => {
    if (entry.kind === 'left' && entry.why === 'revoked') revoked.add(entry.sub);
    if (entry.kind !== 'frame' || !revoked.has(entry.sub)) return [];
    const subject = `${entry.console} ${entry.room}`;
    return [{ wrong: 'seen without right', subject, sentence: 'got a frame after the room had been revoked' }];
  });
}

interface Loss {
  /** When its ack came. */
  at: number;
  /** Room → how far it had come at least when the loss had its place. */
  heads: Map<string, number>;
}

/**
 * A loss counts from its ack to the moment at which rights are given back. How far a room had come by then is what a
 * snapshot tells that was asked for after the ack, or when the loss is in force.
 */
function afterLoss(history: readonly Entry[], { placedAtAck }: RightsTimes): Violation[] {
  const placedAfterMs = placedAtAck ? 0 : IN_FORCE_MS;
  const found: Violation[] = [];
  const changes = new Map<number, { user: string; lost: boolean }>();
  const lost = new Map<string, Loss>();
  const subs = new Map<number, string>();
  const askedAt = new Map<number, ReadonlySet<Loss>>();
  const commands = new Map<number, string>();
  const late = new Set<number>();
  for (const entry of history) {
    if (entry.kind === 'sent' && entry.name === 'changeRights') {
      const { userId, roles } = entry.payload as { userId: string; roles: string[] };
      const lose = roles.length === 1 && roles[0] === NOTHING;
      changes.set(entry.call, { user: userId, lost: lose });
      if (!lose) lost.delete(userId);
    } else if (entry.kind === 'sent') {
      if (lost.has(entry.user)) commands.set(entry.call, entry.name);
    } else if (entry.kind === 'answered') {
      const change = changes.get(entry.call);
      if (change?.lost && entry.result) lost.set(change.user, { at: entry.at, heads: new Map() });
      const name = commands.get(entry.call);
      if (name !== undefined && entry.result && lost.has(entry.user)) {
        const sentence = `${name} was carried out after the loss of rights`;
        found.push({ wrong: 'seen without right', subject: entry.user, sentence });
      }
    } else if (entry.kind === 'asked') {
      subs.set(entry.sub, entry.user);
      if (entry.offset === undefined) {
        askedAt.set(entry.sub, new Set([...lost.values()].filter(({ at }) => entry.at - at >= placedAfterMs)));
      }
      if (entry.at - (lost.get(entry.user)?.at ?? entry.at) > IN_FORCE_MS) late.add(entry.sub);
    } else if (entry.kind === 'entered') {
      const user = subs.get(entry.sub);
      if (entry.mode === 'snapshot') {
        for (const loss of askedAt.get(entry.sub) ?? []) {
          loss.heads.set(entry.room, Math.max(entry.offset, loss.heads.get(entry.room) ?? 0));
        }
      }
      if (user !== undefined && late.has(entry.sub) && lost.has(user)) {
        const sentence = 'was let in after the loss of rights';
        found.push({ wrong: 'seen without right', subject: `${user} ${entry.room}`, sentence });
      }
    } else if (entry.kind === 'frame') {
      const user = subs.get(entry.sub) ?? '';
      const head = lost.get(user)?.heads.get(entry.room);
      const last = entry.from + entry.events.length - 1;
      if (head === undefined || last <= head) continue;
      const sentence = `got ${entry.room} ${last}; when the loss of rights was in the log it was at ${head} at most`;
      found.push({ wrong: 'seen without right', subject: `${user} ${entry.room}`, sentence });
    }
  }
  return found;
}

/** Cards that say of themselves that they are confidential, and say more than that. */
function leaks(history: readonly Entry[]): Violation[] {
  const found: Violation[] = [];
  const confidential = new Set<string>();
  const look = (room: string, key: string, card: Partial<Card>): void => {
    if ((card as { visibility?: string }).visibility === 'confidential') confidential.add(key);
    if (!confidential.has(key) || !SHARED.test(room)) return;
    const field = Object.keys(card).find((name) => !STUB.has(name));
    if (field === undefined) return;
    found.push({ wrong: 'seen without right', subject: `${room} ${key}`, sentence: `it shows ${field}` });
  };
  for (const entry of history) {
    if (entry.kind === 'entered' || entry.kind === 'fresh') {
      for (const [key, card] of Object.entries(entry.cards ?? {})) look(entry.room, key, card);
    } else if (entry.kind === 'frame') {
      for (const { data } of entry.events) {
        const change = data.card;
        if (!change || change.op === 'gone') continue;
        look(entry.room, change.key, change.op === 'enter' ? change.card : change.fields);
      }
    }
  }
  return found;
}
