import type { RosteredShift } from './rostered-shift.js';

/** A row of a new roster: where it stands in its file. */
export interface RosterRow extends RosteredShift {
  line: number;
}

export interface RosterFault {
  line: number;
  column: 'username' | 'seatId';
  /** Chinese. */
  reason: string;
}

type Entry = RosteredShift & { line?: number };

/**
 * [SH2] Nobody is in two shifts at a time, and no seat either; neither among the new rows nor against what stands beside
 * them. Looks at neighbours in time only, so that a month of a thousand people is read in one go.
 */
export function rosterFaults(rows: readonly RosterRow[], standing: readonly RosteredShift[]): RosterFault[] {
  const lineOf = new Map<string, number>();
  const faults: RosterFault[] = [];
  const once: RosterRow[] = [];
  for (const row of rows) {
    const first = lineOf.get(row.shiftId);
    if (first === undefined) {
      lineOf.set(row.shiftId, row.line);
      once.push(row);
    } else {
      faults.push({ line: row.line, column: 'username', reason: `与第 ${first} 行重复` });
    }
  }
  const all: Entry[] = [...standing, ...once].sort((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
  faults.push(...overlapping(all, 'username', ({ userId }) => userId));
  faults.push(...overlapping(all, 'seatId', ({ seatId }) => seatId));
  return faults;
}

/** `all`: by their beginning. */
function overlapping(
  all: readonly Entry[],
  column: RosterFault['column'],
  of: (entry: Entry) => string | null,
): RosterFault[] {
  const latest = new Map<string, Entry>();
  const faults = new Map<number, RosterFault>();
  for (const entry of all) {
    const key = of(entry);
    if (key === null) continue;
    const before = latest.get(key);
    if (before && entry.startsAt < before.endsAt) {
      // The later line is to blame, and what stands already never is.
      const [to, from] = (entry.line ?? 0) > (before.line ?? 0) ? [entry, before] : [before, entry];
      if (to.line !== undefined && !faults.has(to.line)) {
        faults.set(to.line, { line: to.line, column, reason: reasonOf(column, from) });
      }
    }
    if (!before || entry.endsAt > before.endsAt) latest.set(key, entry);
  }
  return [...faults.values()];
}

function reasonOf(column: RosterFault['column'], other: Entry): string {
  const which = other.line === undefined ? `已排的 ${other.day} ${other.code} 班` : `第 ${other.line} 行`;
  return column === 'username' ? `这个人与${which}的时间重叠` : `这个坐席与${which}的时间重叠`;
}
