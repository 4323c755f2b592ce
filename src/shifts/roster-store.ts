import { Injectable } from '@nestjs/common';
import type { RosteredShift, WorkedShift } from '../domain/shift/rostered-shift.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

interface ShiftRow {
  shift_id: string;
  day: string;
  code: string;
  starts_at: number;
  ends_at: number;
  user_id: string;
  seat_id: string | null;
  stays_until: number | null;
  clock_at: number | null;
  signed_on_at: number | null;
  signed_off_at: number | null;
  breaks: number;
  revision: number;
}

/** A shift as it was read; `revision` is what a change of it is compared with. */
export interface StoredShift extends WorkedShift {
  /** The end for which a clock runs or has rung. */
  clockAt: number | null;
  revision: number;
}

/** No shift of the plan is as long; lets a search by time begin at an index. */
const LONGEST_MS = 24 * 3_600_000;
const CHUNK = 200;
/** What an import has written ahead is not there until the import is in force. */
const IN_FORCE = `(import_id IS NULL OR import_id IN (SELECT import_id FROM roster_import WHERE state = 'in_force'))`;

/** Rows of `roster_shift`. Every change is one compare-and-set. */
@Injectable()
export class RosterStore {
  async get(tx: ReadTx, shiftId: string): Promise<StoredShift | undefined> {
    const row = await tx.one<ShiftRow>(`SELECT * FROM roster_shift WHERE shift_id = ? AND ${IN_FORCE}`, [shiftId]);
    return row && shiftOf(row);
  }

  async lock(tx: Tx, shiftId: string): Promise<StoredShift | undefined> {
    const row = await tx.one<ShiftRow>(`SELECT * FROM roster_shift WHERE shift_id = ? AND ${IN_FORCE}${tx.forUpdate}`, [
      shiftId,
    ]);
    return row && shiftOf(row);
  }

  /** Everything rostered for these days. */
  async ofDays(tx: ReadTx, days: readonly string[]): Promise<StoredShift[]> {
    const found: StoredShift[] = [];
    for (let from = 0; from < days.length; from += CHUNK) {
      const part = days.slice(from, from + CHUNK);
      const marks = part.map(() => '?').join(', ');
      const rows = await tx.all<ShiftRow>(`SELECT * FROM roster_shift WHERE day IN (${marks}) AND ${IN_FORCE}`, part);
      found.push(...rows.map(shiftOf));
    }
    return found;
  }

  /** Everything rostered for some time between the two, by its beginning. */
  async between(tx: ReadTx, from: number, to: number): Promise<StoredShift[]> {
    const rows = await tx.all<ShiftRow>(
      `SELECT * FROM roster_shift WHERE starts_at > ? AND starts_at < ? AND ends_at > ? AND ${IN_FORCE}
       ORDER BY starts_at, code, seat_id, user_id`,
      [from - LONGEST_MS, to, from],
    );
    return rows.map(shiftOf);
  }

  /** What is rostered for a seat for some time between the two. */
  async ofSeat(tx: ReadTx, seatId: string, from: number, to: number): Promise<StoredShift[]> {
    const rows = await tx.all<ShiftRow>(
      `SELECT * FROM roster_shift
       WHERE seat_id = ? AND starts_at > ? AND starts_at < ? AND ends_at > ? AND ${IN_FORCE}`,
      [seatId, from - LONGEST_MS, to, from],
    );
    return rows.map(shiftOf);
  }

  /** Everything that runs at a time, those included who stay on. */
  async at(tx: ReadTx, time: number): Promise<StoredShift[]> {
    const rows = await tx.all<ShiftRow>(
      `SELECT * FROM roster_shift WHERE starts_at > ? AND starts_at <= ? AND (ends_at > ? OR stays_until > ?) AND ${IN_FORCE}
       ORDER BY starts_at, code, seat_id, user_id`,
      [time - 2 * LONGEST_MS, time, time, time],
    );
    return rows.map(shiftOf);
  }

  /** A person's shifts that are not over at the time; nearest first. */
  async ofUser(tx: ReadTx, userId: string, after: number, limit: number): Promise<StoredShift[]> {
    const rows = await tx.all<ShiftRow>(
      `SELECT * FROM roster_shift WHERE user_id = ? AND starts_at > ? AND ${IN_FORCE}
       ORDER BY starts_at, shift_id LIMIT ?`,
      [userId, after - 2 * LONGEST_MS, limit],
    );
    return rows.map(shiftOf).filter((shift) => Math.max(shift.endsAt, shift.staysUntil ?? 0) > after);
  }

  /** `importId`: they are there once that import is in force. */
  async add(tx: Tx, shifts: readonly RosteredShift[], importId: string | null = null): Promise<void> {
    const rows = shifts.map((shift) => ({
      ...rosterColumns(shift),
      shift_id: shift.shiftId,
      stays_until: null,
      clock_at: null,
      signed_on_at: null,
      signed_off_at: null,
      breaks: 0,
      revision: 1,
      import_id: importId,
    }));
    await tx.insertMany('roster_shift', rows);
  }

  /** False, and nothing written, when the shift is no longer as `from`. */
  async change(tx: Tx, from: StoredShift, to: StoredShift): Promise<boolean> {
    const set = {
      ...rosterColumns(to),
      stays_until: to.staysUntil,
      clock_at: to.clockAt,
      signed_on_at: to.signedOnAt,
      signed_off_at: to.signedOffAt,
      breaks: to.breaks,
      revision: from.revision + 1,
    };
    const changed = await tx.run(
      `UPDATE roster_shift SET ${Object.keys(set)
        .map((column) => `${column} = ?`)
        .join(', ')} WHERE shift_id = ? AND revision = ?`,
      [...Object.values(set), from.shiftId, from.revision],
    );
    return changed === 1;
  }

  /** False when somebody changed it meanwhile. */
  async remove(tx: Tx, shift: StoredShift): Promise<boolean> {
    const gone = await tx.run('DELETE FROM roster_shift WHERE shift_id = ? AND revision = ?', [
      shift.shiftId,
      shift.revision,
    ]);
    return gone === 1;
  }
}

const rosterColumns = (shift: RosteredShift) => ({
  day: shift.day,
  code: shift.code,
  starts_at: shift.startsAt,
  ends_at: shift.endsAt,
  user_id: shift.userId,
  seat_id: shift.seatId,
});

const shiftOf = (row: ShiftRow): StoredShift => ({
  shiftId: row.shift_id,
  day: row.day,
  code: row.code,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  userId: row.user_id,
  seatId: row.seat_id,
  staysUntil: row.stays_until,
  clockAt: row.clock_at,
  signedOnAt: row.signed_on_at,
  signedOffAt: row.signed_off_at,
  breaks: row.breaks,
  revision: row.revision,
});
