import type { ClockName, ClockView } from '@minqing-hub/client-sdk/protocol';
import { isOwed, lightOf, type Clocked, type ClockLight } from './order-clocks.js';

export type BoardColumn = Exclude<ClockLight, 'late'>;

/** A number of the board, and what it counts. */
export interface BoardCell {
  clock: ClockName;
  column: BoardColumn;
}

export interface BoardRow {
  clock: ClockName;
  /** Orders, not clocks: an order is counted once in each. */
  counts: Record<BoardColumn, number>;
}

const columnOf = (clock: ClockView, now: number): BoardColumn => {
  const light = lightOf(clock, now);
  return light === 'late' ? 'overdue' : light;
};

export const isIn = ({ clocks }: Clocked, { clock, column }: BoardCell, now: number): boolean =>
  (clocks ?? []).some((one) => one.clock === clock && isOwed(one) && columnOf(one, now) === column);

/** In the order in which an order meets them. */
const SHOWN: readonly ClockName[] = ['ACK', 'CONTACT_UNIT', 'CONTACT_CITIZEN', 'HANDLING', 'REWORK', 'ARBITRATION'];

/** How the clocks of these orders stand at `now` by the hub's time, by kind; kinds of which there is none are left out. */
export function boardOf(orders: readonly Clocked[], now: number): BoardRow[] {
  const rows = new Map<ClockName, Record<BoardColumn, number>>();
  for (const { clocks } of orders) {
    const seen = new Set<string>();
    for (const one of clocks ?? []) {
      const column = columnOf(one, now);
      if (!isOwed(one) || seen.has(`${one.clock} ${column}`)) continue;
      seen.add(`${one.clock} ${column}`);
      const counts = rows.get(one.clock) ?? { overdue: 0, amber: 0, ok: 0, paused: 0, done: 0 };
      counts[column] += 1;
      rows.set(one.clock, counts);
    }
  }
  const place = (clock: ClockName) => (SHOWN.includes(clock) ? SHOWN.indexOf(clock) : SHOWN.length);
  return [...rows].map(([clock, counts]) => ({ clock, counts })).sort((a, b) => place(a.clock) - place(b.clock));
}
