import { Injectable } from '@nestjs/common';
import type { FloorSeat, Presence, SeatCard, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { ReadModel } from '../storage/unit-of-work.js';
import { HANDLED } from './floor-items.js';
import { cards } from './floor-store.js';

interface SeatRow {
  seat_id: string;
  name: string | null;
  skills: string | null;
  held: number;
}

interface DoneRow {
  seat_id: string;
  handled: number;
  handling_ms: number;
}

/** Who sits where, what they can, have in hand and have done since they signed on. */
@Injectable()
export class FloorSeats {
  constructor(private readonly readModel: ReadModel) {}

  /** Those of one presence, or all that somebody is at; exactly those that the floor counts [FL6]. */
  list(presence: Presence | undefined): Promise<FloorSeat[]> {
    return this.readModel.run(async (tx) => {
      const shown = ((await cards(tx, 'seat')) as SeatCard[]).filter((seat) =>
        presence === undefined ? seat.presence !== 'offline' : seat.presence === presence,
      );
      const rows = await tx.all<SeatRow>(
        'SELECT s.seat_id, u.name, s.skills, s.held FROM seat s LEFT JOIN user_account u ON u.user_id = s.user_id',
      );
      const done = await tx.all<DoneRow>(
        // From each seat to what it has done, never from all that was ever done.
        `SELECT s.seat_id, COUNT(q.item_id) AS handled, COALESCE(SUM(q.done_at - q.claimed_at), 0) AS handling_ms
         FROM seat s LEFT JOIN queue_item q ON q.seat_id = s.seat_id AND q.done_at >= s.signed_on_at AND ${HANDLED}
         WHERE s.signed_on_at IS NOT NULL GROUP BY s.seat_id`,
      );
      const rowOf = new Map(rows.map((row) => [row.seat_id, row]));
      const doneBy = new Map(done.map((row) => [row.seat_id, row]));
      return shown.map((seat) => ({
        ...seat,
        name: rowOf.get(seat.seatId)?.name ?? seat.userId,
        skills: JSON.parse(rowOf.get(seat.seatId)?.skills ?? '[]') as SkillLevel[],
        held: rowOf.get(seat.seatId)?.held ?? 0,
        handled: doneBy.get(seat.seatId)?.handled ?? 0,
        handlingMs: doneBy.get(seat.seatId)?.handling_ms ?? 0,
      }));
    });
  }
}
