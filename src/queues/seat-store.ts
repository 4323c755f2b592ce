import { Injectable } from '@nestjs/common';
import type { Presence, QueueId, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import type { Seat } from '../domain/queue/seat.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

export interface SeatRow {
  seat_id: string;
  user_id: string;
  presence: string;
  presence_since: number;
  queues: string;
  held: number;
  idle_since: number;
  grace_id: string | null;
  missed_at: number | null;
  presence_until: number | null;
  presence_clock: string | null;
  signed_on_at: number | null;
  shift_id: string | null;
  shift_ends_at: number | null;
  listens_to: string | null;
  skills: string | null;
  taken: number | null;
  revision: number;
}

/** A seat as it was read; `revision` is what a change of it is compared with. */
export interface StoredSeat extends Seat {
  revision: number;
}

const barred = (queues: readonly QueueId[]) => `|${queues.map((queueId) => `${queueId}|`).join('')}`;

/** Rows of `seat`. Every change is one compare-and-set. [I4] */
@Injectable()
export class SeatStore {
  async get(tx: ReadTx, seatId: string): Promise<StoredSeat | undefined> {
    const row = await tx.one<SeatRow>('SELECT * FROM seat WHERE seat_id = ?', [seatId]);
    return row && seatOf(row);
  }

  /** As `get`; nobody else changes the seat, or what it holds, until the transaction ends. */
  async lock(tx: Tx, seatId: string): Promise<StoredSeat | undefined> {
    const row = await tx.one<SeatRow>(`SELECT * FROM seat WHERE seat_id = ?${tx.forUpdate}`, [seatId]);
    return row && seatOf(row);
  }

  async present(tx: ReadTx): Promise<StoredSeat[]> {
    return (await tx.all<SeatRow>(`SELECT * FROM seat WHERE presence <> 'offline' ORDER BY seat_id`)).map(seatOf);
  }

  async ofUser(tx: ReadTx, userId: string): Promise<StoredSeat[]> {
    return (await tx.all<SeatRow>('SELECT * FROM seat WHERE user_id = ? ORDER BY seat_id', [userId])).map(seatOf);
  }

  async listeningTo(tx: ReadTx, seatId: string): Promise<StoredSeat[]> {
    return (await tx.all<SeatRow>('SELECT * FROM seat WHERE listens_to = ? ORDER BY seat_id', [seatId])).map(seatOf);
  }

  /** Answers false when the seat stands already. */
  async add(tx: Tx, seat: Seat): Promise<boolean> {
    return tx.insertIfAbsent('seat', { ...rowOf(seat), seat_id: seat.seatId, revision: 1 });
  }

  /** False, and nothing written, when the seat is no longer as `from`. */
  async change(tx: Tx, from: StoredSeat, to: Seat): Promise<boolean> {
    const set = { ...rowOf(to), revision: from.revision + 1 };
    const changed = await tx.run(
      `UPDATE seat SET ${Object.keys(set)
        .map((column) => `${column} = ?`)
        .join(', ')} WHERE seat_id = ? AND revision = ?`,
      [...Object.values(set), from.seatId, from.revision],
    );
    return changed === 1;
  }
}

function rowOf(seat: Seat) {
  return {
    user_id: seat.userId,
    presence: seat.presence,
    presence_since: seat.presenceSince,
    queues: barred(seat.queues),
    held: seat.held,
    idle_since: seat.idleSince,
    grace_id: seat.graceId,
    missed_at: seat.missedAt,
    presence_until: seat.presenceUntil,
    presence_clock: seat.presenceClock,
    signed_on_at: seat.signedOnAt,
    shift_id: seat.shiftId,
    shift_ends_at: seat.shiftEndsAt,
    listens_to: seat.listensTo,
    skills: seat.skills.length ? JSON.stringify(seat.skills) : null,
    taken: seat.taken,
  };
}

export function seatOf(row: SeatRow): StoredSeat {
  return {
    seatId: row.seat_id,
    userId: row.user_id,
    presence: row.presence as Presence,
    presenceSince: row.presence_since,
    queues: row.queues.split('|').filter(Boolean) as QueueId[],
    held: row.held,
    idleSince: row.idle_since,
    graceId: row.grace_id,
    missedAt: row.missed_at,
    presenceUntil: row.presence_until,
    presenceClock: row.presence_clock,
    signedOnAt: row.signed_on_at,
    shiftId: row.shift_id,
    shiftEndsAt: row.shift_ends_at,
    listensTo: row.listens_to,
    skills: row.skills === null ? [] : (JSON.parse(row.skills) as SkillLevel[]),
    taken: row.taken ?? 0,
    revision: row.revision,
  };
}
