import type { ReadTx } from '../storage/unit-of-work.js';

/** A row whose time has come, and which time that is: a clock with several signals has another one for each. */
export interface DueClock {
  clockId: string;
  subject: string;
  signalAt: number;
  dueAt: number;
  command: string;
  payload: string;
}

/** Where a running clock stands in the order of time, then id. */
export interface Place {
  clockId: string;
  signalAt: number;
}

export const BEFORE_ALL: Place = { clockId: '', signalAt: -1 };

interface Row {
  clock_id: string;
  subject: string;
  due_at: number;
  state: string;
  next_signal_at: number | null;
  command: string;
  payload: string;
}

/**
 * Those of `clockIds` that run and whose signal is due `now`. Asked for by key alone: told what they must be like, SQLite
 * would rather read everything that is due.
 */
export async function dueAmong(tx: ReadTx, clockIds: readonly string[], now: number): Promise<DueClock[]> {
  const rows = await tx.all<Row>(
    `SELECT clock_id, subject, due_at, state, next_signal_at, command, payload FROM clock
     WHERE clock_id IN (${clockIds.map(() => '?').join(', ')})`,
    clockIds,
  );
  return rows.flatMap(({ clock_id, subject, due_at, state, next_signal_at, command, payload }) =>
    state === 'running' && next_signal_at !== null && next_signal_at <= now
      ? [{ clockId: clock_id, subject, signalAt: next_signal_at, dueAt: due_at, command, payload }]
      : [],
  );
}

/** At most `limit` running clocks after the place `from` up to the time `to`, in order. Reads those and no others: the index has all of it. */
export async function runningBetween(tx: ReadTx, from: Place, to: number, limit: number): Promise<Place[]> {
  const rows = await tx.all<{ clock_id: string; next_signal_at: number }>(
    `SELECT clock_id, next_signal_at FROM clock
     WHERE state = 'running' AND next_signal_at >= ? AND next_signal_at <= ?
       AND (next_signal_at > ? OR clock_id > ?)
     ORDER BY next_signal_at, clock_id LIMIT ?`,
    [from.signalAt, to, from.signalAt, from.clockId, limit],
  );
  return rows.map(({ clock_id, next_signal_at }) => ({ clockId: clock_id, signalAt: next_signal_at }));
}
