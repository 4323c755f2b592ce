import { Injectable } from '@nestjs/common';
import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';
import type { OrderReaders, View } from '../domain/access/audience.js';
import { stubOf } from '../domain/access/stub.js';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';
import type { Audience } from './event-log.js';
import type { EventsOfTypes } from './heard-events.js';
import { EVENT_COLUMNS, type EventRow, type LoggedEvent, loggedEvent } from './logged-event.js';
import type { PlacedRow } from './placed-lately.js';
import { Placing } from './placing.js';

/** An event with its offset in each of its rooms. */
export interface PlacedEvent extends LoggedEvent {
  offsets: Record<string, number>;
}

export interface RoomState {
  epoch: string;
  /** Of the whole log, in the same view. */
  seq: number;
  offset: number;
  cards: Record<CardKey, Card>;
}

/** A place in one log: where the next event follows on. */
export interface Position {
  epoch: string;
  seq: number;
  /** Of the event that has this seq; what follows is chained to it. */
  hash: string;
}

/** Reads of the placed log: forward by seq, by room and offset, and a room's cards as they stand. */
@Injectable()
export class LogReader {
  /**
   * So many places one search for events of some types goes through at most: whoever is new to a log of years gets on in
   * it step by step, and holds nobody up.
   */
  protected readonly searched: number = 5_000;

  constructor(
    private readonly readModel: ReadModel,
    private readonly placing: Placing,
  ) {}

  head(): Promise<Position> {
    return this.readModel.run((tx) => readHead(tx));
  }

  /** Placed events after `seq`, in order, at most `limit`. */
  after(seq: number, limit: number): Promise<PlacedEvent[]> {
    return this.readModel.run(async (tx) => (await placedAfter(tx, seq, limit)).map(placedEvent));
  }

  /** As `after`, from where somebody stands in a log; `undefined`: that log is no more. */
  since(from: Position, limit: number): Promise<{ events: PlacedEvent[]; at: Position } | undefined> {
    return this.readModel.run(async (tx) => {
      const { epoch, seq, hash } = await readHead(tx);
      if (epoch !== from.epoch || seq < from.seq || (seq === from.seq && hash !== from.hash)) return undefined;
      if (seq === from.seq) return { events: [], at: from };
      // With the one that is known already, which shows whether it is still the same one.
      const places = await tx.all<Pick<Position, 'seq' | 'hash'>>(
        'SELECT seq, hash FROM event_place WHERE seq >= ? ORDER BY seq LIMIT ?',
        [from.seq, limit + 1],
      );
      if (from.seq > 0 && places.shift()?.hash !== from.hash) return undefined;
      const last = places.at(-1) ?? from;
      const rows = this.known(places) ?? (await placedAfter(tx, from.seq, places.length));
      return { events: rows.map(placedEvent), at: { epoch, seq: last.seq, hash: last.hash } };
    });
  }

  /** `undefined`: not all of them. */
  private known(places: readonly Pick<Position, 'seq' | 'hash'>[]): PlacedRow[] | undefined {
    const rows: PlacedRow[] = [];
    for (const { seq, hash } of places) {
      const row = this.placing.lately(seq, hash);
      if (!row) return undefined;
      rows.push(row);
    }
    return rows;
  }

  /** As `after`, only events of some types; of a long stretch without any it answers how far it has come. */
  ofTypesAfter(seq: number, types: readonly string[], limit: number): Promise<EventsOfTypes> {
    return this.readModel.run(async (tx) => {
      const head = await readHead(tx);
      const to = Math.min(head.seq, seq + this.searched);
      const rows = await tx.all<EventRow>(ofTypesAfter(types.length), [seq, to, ...types, limit]);
      const scannedTo = rows.length === limit ? rows.at(-1)!.seq : to;
      return { events: rows.map(loggedEvent), scannedTo, more: scannedTo < head.seq };
    });
  }

  /** A room's events with offsets in (from, to], in order, at most `limit`. */
  ofRoom(room: string, from: number, to: number, limit: number): Promise<{ offset: number; event: LoggedEvent }[]> {
    return this.readModel.run(async (tx) => {
      const rows = await tx.all<EventRow & { room_offset: number }>(
        `SELECT r.room_offset, p.seq, ${EVENT_COLUMNS}
         FROM room_event r JOIN event_place p ON p.seq = r.seq JOIN event e ON e.id = p.event_row
         WHERE r.room = ? AND r.room_offset > ? AND r.room_offset <= ? ORDER BY r.room_offset LIMIT ?`,
        [room, from, to, limit],
      );
      return rows.map((row) => ({ offset: row.room_offset, event: loggedEvent(row) }));
    });
  }

  /** Where a room stands, the lowest offset that can still be resumed from, and how far the whole log has come. */
  roomHead(room: string): Promise<{ epoch: string; seq: number; head: number; oldest: number }> {
    return this.readModel.run(async (tx) => {
      const { epoch, seq } = await readHead(tx);
      const head = (await tx.one<{ head: number }>('SELECT head FROM room_head WHERE room = ?', [room]))?.head ?? 0;
      const first = await tx.one<{ first: number | null }>(
        'SELECT MIN(room_offset) AS first FROM room_event WHERE room = ?',
        [room],
      );
      return { epoch, seq, head, oldest: first?.first ? first.first - 1 : head };
    });
  }

  /** Exactly the effects of the room's events up to `offset`: rows and head from one consistent view. */
  roomState(room: string): Promise<RoomState> {
    return this.readModel.run(async (tx) => {
      const { epoch, seq } = await readHead(tx);
      const head = await tx.one<{ head: number }>('SELECT head FROM room_head WHERE room = ?', [room]);
      const rows = await tx.all<{ card_key: CardKey; view: View; body: string }>(
        'SELECT r.card_key, r.view, c.body FROM room_card r JOIN card c ON c.card_key = r.card_key WHERE r.room = ? ORDER BY r.card_key',
        [room],
      );
      const cards: Record<CardKey, Card> = {};
      for (const { card_key, view, body } of rows) cards[card_key] = seenCard(card_key, view, body);
      await this.showAsPlaced(tx, room, cards);
      return { epoch, seq, offset: head?.head ?? 0, cards };
    });
  }

  /** What events without a place have done to the room's cards is still to be told: until then they are as they were. */
  private async showAsPlaced(tx: ReadTx, room: string, cards: Record<CardKey, Card>): Promise<void> {
    const untold = (await this.placing.waiting(tx)).filter(({ audience }) => room in audience.rooms);
    for (const subject of new Set(untold.map((event) => event.subject as CardKey))) {
      const last = await tx.one<{ card: string; audience: string }>(
        `SELECT e.card, e.audience FROM event e JOIN event_place p ON p.event_row = e.id
         WHERE e.subject = ? AND e.card IS NOT NULL ORDER BY e.id DESC LIMIT 1`,
        [subject],
      );
      delete cards[subject];
      const entry = last && (JSON.parse(last.audience) as Audience).rooms[room];
      if (entry && entry.op !== 'gone') cards[subject] = seenCard(subject, entry.view, last.card);
    }
  }

  readersOf(subject: CardKey): Promise<OrderReaders | undefined> {
    return this.readModel.run(async (tx) => {
      const row = await tx.one<{ readers: string }>('SELECT readers FROM subject_readers WHERE subject = ?', [subject]);
      return row && (JSON.parse(row.readers) as OrderReaders);
    });
  }
}

/**
 * By place: by the index of types either engine would read all that ever was of them, each time. SQLite keeps the order of
 * the tables in a cross join, MariaDB where the comment tells it to, which is none to it.
 */
export const ofTypesAfter = (types: number): string =>
  `SELECT /*! STRAIGHT_JOIN */ p.seq, ${EVENT_COLUMNS} FROM event_place p CROSS JOIN event e ON e.id = p.event_row
   WHERE p.seq > ? AND p.seq <= ? AND e.type IN (${Array(types).fill('?').join(', ')}) ORDER BY p.seq LIMIT ?`;

async function readHead(tx: ReadTx): Promise<Position> {
  return (await tx.one<Position>('SELECT epoch, seq, hash FROM log_head WHERE id = 1'))!;
}

/** All that follow on `seq`, in order, at most `limit`. */
async function placedAfter(tx: ReadTx, seq: number, limit: number): Promise<PlacedRow[]> {
  const rows = await tx.all<Omit<PlacedRow, 'offsets'>>(
    `SELECT p.seq, p.hash, ${EVENT_COLUMNS} FROM event_place p JOIN event e ON e.id = p.event_row
     WHERE p.seq > ? ORDER BY p.seq LIMIT ?`,
    [seq, limit],
  );
  if (rows.length === 0) return [];
  const places = await tx.all<{ room: string; room_offset: number; seq: number }>(
    'SELECT room, room_offset, seq FROM room_event WHERE seq > ? AND seq <= ?',
    [seq, rows.at(-1)!.seq],
  );
  const offsets = new Map<number, Record<string, number>>();
  for (const place of places) {
    const mine = offsets.get(place.seq) ?? {};
    mine[place.room] = place.room_offset;
    offsets.set(place.seq, mine);
  }
  return rows.map((row) => ({ ...row, offsets: offsets.get(row.seq) ?? {} }));
}

const placedEvent = (row: PlacedRow): PlacedEvent => ({ ...loggedEvent(row), offsets: row.offsets });

function seenCard(key: CardKey, view: View, body: string): Card {
  const card = JSON.parse(body) as Card;
  return view === 'full' ? card : stubOf(key, card);
}
