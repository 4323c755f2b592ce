import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Card, CardKey, EventType } from '@minqing-hub/client-sdk/protocol';
import type { OrderReaders, View } from '../domain/access/audience.js';
import { inLists } from '../storage/in-lists.js';
import type { SqlValue, Tx } from '../storage/unit-of-work.js';

/** Where an event comes from: goes into the audit trail. */
export interface Origin {
  actorId: string;
  commandId: string;
  /** Id of the event that a reaction answers to. */
  causationId: string | null;
  recordedAt: number;
}

/** The thing that an event is about: one with a card, or one without (a user, the key of a source system, a list, the hub). */
export type Subject = CardKey | `${'user' | 'key' | 'list' | 'article' | 'notice' | 'hub'}:${string}`;

/**
 * What happened to one thing, whose card it shows. No names, phones, ids, addresses or free text in `data` and `card`:
 * only references and codes (`architecture.md`, the event log).
 */
export interface NewEvent {
  /** The thing and its card, `order:{orderNo}` and so on; a thing without a card has `card: null`. */
  subject: Subject;
  type: EventType;
  /** Time of occurrence, ms UTC. */
  at: number;
  /** The subject's version after the event; `null` for things without one. */
  version: number | null;
  data: Record<string, unknown>;
  /** The whole card after the event; `null`: the event tells something and leaves the card alone. */
  card: Card | null;
  /** The rooms that hold the card after the event, and how much of it they may see. Rooms that lose it are told so. */
  rooms: Record<string, View>;
  /** Who may read the order itself, from this event on. */
  readers?: OrderReaders;
}

/** How one room gets an event: the card comes in whole, changes, goes, or (`tell`) stays as it is. */
export type AudienceEntry = { op: 'enter' | 'change' | 'gone' | 'tell'; view: View };

export interface Audience {
  rooms: Record<string, AudienceEntry>;
  readers?: OrderReaders;
}

type EventRow = Record<string, SqlValue> & { event_id: string };

/** A card as it stood before an event: what it said, and the rooms that had it. */
interface HeldCard {
  body: Record<string, unknown>;
  rooms: ReadonlyMap<string, View>;
}

/** What an event does to the rooms' cards. */
interface CardMove {
  audience: Audience;
  /** Names of the card's fields that it changes; `null`: it leaves the card alone. */
  changed: string[] | null;
  entered: { room: string; card_key: string; view: View }[];
  left: string[];
}

/** Appends events to the log and keeps the rooms' cards, all in the caller's transaction. */
@Injectable()
export class EventLog {
  async append(tx: Tx, origin: Origin, events: readonly NewEvent[]): Promise<string[]> {
    const rows: EventRow[] = [];
    for (const some of ofDifferentThings(events)) {
      const moves = await this.keepCards(tx, some);
      rows.push(...some.map((event, i) => rowOf(origin, event, moves[i]!)));
    }
    if (rows.length === 1) await tx.insert('event', rows[0]!);
    else await tx.insertMany('event', rows);
    return rows.map(({ event_id }) => event_id);
  }

  /** Events of different things: what is kept of them is read and written together. */
  private async keepCards(tx: Tx, events: readonly NewEvent[]): Promise<CardMove[]> {
    const withCards = events.filter(({ card }) => card);
    const held = await this.held(
      tx,
      withCards.map(({ subject }) => subject),
    );
    const moves = events.map((event) => moveOf(event, held.get(event.subject)));

    const readers = events.flatMap(({ subject, readers }) =>
      readers ? [{ subject, readers: JSON.stringify(readers) }] : [],
    );
    await tx.upsertMany('subject_readers', readers, ['subject']);
    await tx.upsertMany(
      'room_card',
      moves.flatMap(({ entered }) => entered),
      ['room', 'card_key'],
    );
    for (const [i, { left }] of moves.entries()) {
      for (const { marks, params } of inLists(left)) {
        const { subject } = events[i]!;
        await tx.run(`DELETE FROM room_card WHERE room IN (${marks}) AND card_key = ?`, [...params, subject]);
      }
    }
    const gone = withCards.filter(({ rooms }) => Object.keys(rooms).length === 0).map(({ subject }) => subject);
    for (const { marks, params } of inLists(gone)) {
      await tx.run(`DELETE FROM card WHERE card_key IN (${marks})`, params);
    }
    const kept = withCards.filter(({ subject }) => !gone.includes(subject));
    await tx.upsertMany(
      'card',
      kept.map(({ subject, card }) => ({ card_key: subject, body: JSON.stringify(card) })),
      ['card_key'],
    );
    return moves;
  }

  /** Locked until commit: what two transactions tell of one card they tell one after the other. */
  private async held(tx: Tx, keys: readonly string[]): Promise<Map<string, HeldCard>> {
    const held = new Map<string, { body: Record<string, unknown>; rooms: Map<string, View> }>();
    for (const { marks, params } of inLists(keys)) {
      const rows = await tx.all<{ card_key: string; body: string; room: string; view: View }>(
        `SELECT c.card_key, c.body, r.room, r.view FROM card c JOIN room_card r ON r.card_key = c.card_key
         WHERE c.card_key IN (${marks})${tx.forUpdate}`,
        params,
      );
      for (const { card_key, body, room, view } of rows) {
        const card = held.get(card_key);
        if (card) card.rooms.set(room, view);
        else {
          held.set(card_key, { body: JSON.parse(body) as Record<string, unknown>, rooms: new Map([[room, view]]) });
        }
      }
    }
    return held;
  }
}

/** In their order, each run of them with at most one of each thing. */
function ofDifferentThings(events: readonly NewEvent[]): NewEvent[][] {
  const runs: NewEvent[][] = [];
  let seen = new Set<Subject>();
  for (const event of events) {
    if (runs.length === 0 || seen.has(event.subject)) {
      runs.push([]);
      seen = new Set();
    }
    runs.at(-1)!.push(event);
    seen.add(event.subject);
  }
  return runs;
}

function moveOf(event: NewEvent, before: HeldCard = { body: {}, rooms: new Map() }): CardMove {
  const rooms: Audience['rooms'] = {};
  const audience: Audience = { rooms, ...(event.readers ? { readers: event.readers } : {}) };
  if (!event.card) {
    for (const [room, view] of Object.entries(event.rooms)) rooms[room] = { op: 'tell', view };
    return { audience, changed: null, entered: [], left: [] };
  }
  const entered: CardMove['entered'] = [];
  for (const [room, view] of Object.entries(event.rooms)) {
    const op = before.rooms.get(room) === view ? 'change' : 'enter';
    rooms[room] = { op, view };
    if (op === 'enter') entered.push({ room, card_key: event.subject, view });
  }
  const left = [...before.rooms.keys()].filter((room) => !(room in event.rooms));
  for (const room of left) rooms[room] = { op: 'gone', view: before.rooms.get(room)! };
  const card = event.card as unknown as Record<string, unknown>;
  const changed = Object.keys(card).filter(
    (field) => JSON.stringify(card[field]) !== JSON.stringify(before.body[field]),
  );
  return { audience, changed, entered, left };
}

const rowOf = (origin: Origin, event: NewEvent, { audience, changed }: CardMove): EventRow => ({
  event_id: randomUUID(),
  subject: event.subject,
  version: event.version,
  type: event.type,
  at: event.at,
  recorded_at: origin.recordedAt,
  actor_id: origin.actorId,
  command_id: origin.commandId,
  causation_id: origin.causationId,
  data: JSON.stringify(event.data),
  card: event.card ? JSON.stringify(event.card) : null,
  changed: changed ? JSON.stringify(changed) : null,
  audience: JSON.stringify(audience),
});
