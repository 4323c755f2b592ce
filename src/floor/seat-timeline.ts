import { Injectable } from '@nestjs/common';
import type { Presence, QueueId, TimelineEntry } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { dayStart } from '../domain/calendar/day-start.js';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';
import type { Span } from './floor-query.js';

interface EventRow {
  room_offset: number;
  recorded_at: number;
  at: number;
  type: string;
  actor_id: string;
  data: string;
}

const BATCH = 500;

/** What happened at a seat: the events of its room, which the log keeps by offset for 7 days [FL8]. */
@Injectable()
export class SeatTimeline {
  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /** The oldest first. Without `from` since somebody signed on there, else since the day began. `undefined`: no such seat. */
  of(seatId: string, span: Span): Promise<TimelineEntry[] | undefined> {
    return this.readModel.run(async (tx) => {
      const seat = await tx.one<{ signed_on_at: number | null }>('SELECT signed_on_at FROM seat WHERE seat_id = ?', [
        seatId,
      ]);
      if (!seat) return undefined;
      const from = span.from ?? seat.signed_on_at ?? dayStart(this.clock.now());
      const found: TimelineEntry[] = [];
      for await (const row of backwards(tx, `seat:${seatId}`)) {
        // Nothing is recorded before it occurs, so whatever lies before in the log occurred before.
        if (row.recorded_at < from) break;
        if (row.at >= from && row.at < (span.to ?? Infinity)) found.push(entryOf(row));
      }
      return found.reverse();
    });
  }
}

async function* backwards(tx: ReadTx, room: string): AsyncGenerator<EventRow> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const rows = await tx.all<EventRow>(
      `SELECT r.room_offset, e.recorded_at, e.at, e.type, e.actor_id, e.data
       FROM room_event r JOIN event_place p ON p.seq = r.seq JOIN event e ON e.id = p.event_row
       WHERE r.room = ? AND r.room_offset < ? ORDER BY r.room_offset DESC LIMIT ${BATCH}`,
      [room, before],
    );
    yield* rows;
    if (rows.length < BATCH) return;
    before = rows.at(-1)!.room_offset;
  }
}

function entryOf({ at, type, actor_id, data }: EventRow): TimelineEntry {
  const facts = JSON.parse(data) as Record<string, unknown>;
  const entry: TimelineEntry = { at, type, actor: actor_id };
  if (typeof facts.presence === 'string') entry.presence = facts.presence as Presence;
  if (typeof facts.itemId === 'string') entry.itemId = facts.itemId;
  if (typeof facts.orderNo === 'string' || facts.orderNo === null) entry.orderNo = facts.orderNo;
  if (typeof facts.queueId === 'string') entry.queueId = facts.queueId as QueueId;
  if (typeof facts.cause === 'string') entry.cause = facts.cause;
  if (typeof facts.how === 'string') entry.how = facts.how;
  return entry;
}
