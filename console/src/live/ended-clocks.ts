import type { ClockName, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { isOwed } from './order-clocks.js';

/** A clock of an order that has ended, as the order's trail tells it. */
export interface EndedClock {
  clockId: string;
  clock: ClockName;
  unitId: string | null;
  /** What it waited for was done, or is needed no more. */
  how: 'met' | 'stopped';
  dueAt: number;
  endedAt: number;
  /** It had run out before. */
  late: boolean;
}

/** Its last word first. Who only filed the order is told of none. */
export function endedClocks(trail: readonly TrailEntry[]): EndedClock[] {
  const overdue = new Set<unknown>();
  const ended: EndedClock[] = [];
  for (const { type, at, data } of trail) {
    if (type === 'deadline.overdue' && isOwed({ clock: data['clock'] as ClockName })) overdue.add(data['clockId']);
    if (type !== 'deadline.met' && type !== 'deadline.stopped') continue;
    ended.push({
      clockId: String(data['clockId']),
      clock: data['clock'] as ClockName,
      unitId: typeof data['unitId'] === 'string' ? data['unitId'] : null,
      how: type === 'deadline.met' ? 'met' : 'stopped',
      dueAt: Number(data['dueAt']),
      endedAt: at,
      late: overdue.has(data['clockId']),
    });
  }
  return ended.reverse();
}
