import type { Audience } from './event-log.js';
import type { EventRow } from './logged-event.js';
import { chainHash, type LogHead } from './sequencer.js';

export type WaitingRow = Omit<EventRow, 'seq'> & { id: number };

/** What is to be written so that events have their place. */
export interface NewPlaces {
  events: { seq: number; row: number; hash: string }[];
  rooms: { room: string; offset: number; seq: number }[];
  /** Of the rooms that got something: the last offset. */
  roomHeads: Map<string, number>;
  head: Omit<LogHead, 'epoch'>;
}

/** The rooms in which an event is told. */
export const roomsOf = (row: Pick<EventRow, 'audience'>): string[] =>
  Object.keys((JSON.parse(row.audience) as Audience).rooms);

/** Places for `rows`, in their order, after `head`; `roomHeads` holds the last offset of each room that has one. [I2] */
export function placeEvents(
  auditKey: string,
  head: Omit<LogHead, 'epoch'>,
  rows: readonly WaitingRow[],
  roomHeads: ReadonlyMap<string, number>,
): NewPlaces {
  const places: NewPlaces = { events: [], rooms: [], roomHeads: new Map(), head };
  for (const row of rows) {
    const { seq: before, hash: hashBefore, last_row } = places.head;
    const seq = before + 1;
    const hash = chainHash(auditKey, hashBefore, row);
    places.events.push({ seq, row: row.id, hash });
    for (const room of roomsOf(row)) {
      const offset = (places.roomHeads.get(room) ?? roomHeads.get(room) ?? 0) + 1;
      places.roomHeads.set(room, offset);
      places.rooms.push({ room, offset, seq });
    }
    places.head = { seq, hash, last_row: Math.max(last_row, row.id) };
  }
  return places;
}
