import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Card, CardKey, EventType } from '@minqing-hub/client-sdk/protocol';
import type { OrderReaders, View } from '../domain/access/audience.js';
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

/** Appends events to the log and keeps the rooms' cards, all in the caller's transaction. */
@Injectable()
export class EventLog {
  async append(tx: Tx, origin: Origin, events: readonly NewEvent[]): Promise<string[]> {
    const rows: EventRow[] = [];
    for (const event of events) rows.push(await this.rowOf(tx, origin, event));
    if (rows.length === 1) await tx.insert('event', rows[0]!);
    else await tx.insertMany('event', rows);
    return rows.map(({ event_id }) => event_id);
  }

  private async rowOf(tx: Tx, origin: Origin, event: NewEvent): Promise<EventRow> {
    const audience: Audience = { rooms: {} };
    if (event.readers) {
      audience.readers = event.readers;
      await tx.upsert('subject_readers', { subject: event.subject, readers: JSON.stringify(event.readers) }, [
        'subject',
      ]);
    }
    const changed = event.card ? await this.keepCard(tx, event, audience) : tell(event, audience);

    return {
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
    };
  }

  /** Answers the names of the card's fields that this event changes. */
  private async keepCard(tx: Tx, event: NewEvent, audience: Audience): Promise<string[]> {
    const card = event.card as unknown as Record<string, unknown>;
    // First, and until commit: what two transactions tell of one card they tell one after the other.
    const held = await tx.all<{ body: string; room: string; view: View }>(
      `SELECT c.body, r.room, r.view FROM card c JOIN room_card r ON r.card_key = c.card_key
       WHERE c.card_key = ?${tx.forUpdate}`,
      [event.subject],
    );
    const before = new Map(held.map(({ room, view }) => [room, view]));
    const oldBody = held[0] ? (JSON.parse(held[0].body) as Record<string, unknown>) : {};

    for (const [room, view] of Object.entries(event.rooms)) {
      const op = before.get(room) === view ? 'change' : 'enter';
      audience.rooms[room] = { op, view };
      if (op === 'enter') await tx.upsert('room_card', { room, card_key: event.subject, view }, ['room', 'card_key']);
    }
    const left = [...before.keys()].filter((room) => !(room in event.rooms));
    for (const room of left) audience.rooms[room] = { op: 'gone', view: before.get(room)! };
    if (left.length > 0) {
      await tx.run(`DELETE FROM room_card WHERE room IN (${left.map(() => '?').join(', ')}) AND card_key = ?`, [
        ...left,
        event.subject,
      ]);
    }
    if (Object.keys(event.rooms).length === 0) await tx.run('DELETE FROM card WHERE card_key = ?', [event.subject]);
    else await tx.upsert('card', { card_key: event.subject, body: JSON.stringify(card) }, ['card_key']);

    return Object.keys(card).filter((field) => JSON.stringify(card[field]) !== JSON.stringify(oldBody[field]));
  }
}

function tell(event: NewEvent, audience: Audience): null {
  for (const [room, view] of Object.entries(event.rooms)) audience.rooms[room] = { op: 'tell', view };
  return null;
}
