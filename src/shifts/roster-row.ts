import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import { shiftTimes, type ShiftKind } from '../domain/shift/shift-plan.js';
import { SEAT_ID, SEAT_ID_FORM } from '../identity/seating.js';

/** A row of a roster as its file was read. */
export interface RawRosterRow {
  /** 1-based, in the file. */
  line: number;
  /** By column name; `null`: the row could not be taken apart. */
  cells: Readonly<Record<string, string>> | null;
  faults: readonly { column: string; reason: string }[];
}

/** The columns of a roster, by name and by Chinese title. */
export const ROSTER_COLUMNS = [
  { name: 'date', title: '日期', required: true },
  { name: 'shift', title: '班次', required: true },
  { name: 'username', title: '用户名', required: true },
  { name: 'seatId', title: '坐席编号', required: false },
] as const;

export type RowFault = ImportReport['errors'][number];

/** A line that is well-formed; whether its user may work at a seat, and when else, is asked of the database. */
export interface ReadRosterRow {
  line: number;
  day: string;
  kind: ShiftKind;
  startsAt: number;
  endsAt: number;
  userId: string;
  seatId: string | null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the lines say, and every fault of form in them. Values are not repeated in faults. */
export function readRosterRows(
  raw: readonly RawRosterRow[],
  plan: { find(word: string): ShiftKind | undefined },
): { rows: ReadRosterRow[]; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const rows = raw.flatMap(({ line, cells, faults: known }): ReadRosterRow[] => {
    const before = faults.length;
    const fault = (column: string, reason: string) => faults.push({ line, column, reason });
    for (const { column, reason } of known) fault(column, reason);
    if (!cells) return [];
    const text = (column: string) => cells[column]?.trim() ?? '';
    const kind = plan.find(text('shift'));
    if (!kind) fault('shift', text('shift') ? '班次表中没有这个班次' : '不能为空');
    const day = text('date');
    // Any shift of the plan tells whether there is such a day.
    const times = DAY.test(day) ? shiftTimes(kind ?? ANY_SHIFT, day) : undefined;
    if (!times) fault('date', '应为真实存在的日期，如 2026-11-22');
    const userId = text('username');
    if (!userId) fault('username', '不能为空');
    const seatId = text('seatId') || null;
    if (seatId !== null && !SEAT_ID.test(seatId)) fault('seatId', SEAT_ID_FORM);
    if (faults.length > before || !kind || !times) return [];
    return [{ line, day, kind, ...times, userId, seatId }];
  });
  return { rows, faults };
}

const ANY_SHIFT: ShiftKind = { code: 'any', name: 'any', start: '00:00', end: '12:00' };
