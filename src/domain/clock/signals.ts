import type { ClockSignal } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import { REPEATS } from './amber.js';
import { type Deadline, isWindow } from './deadline.js';
import { dueAfter, withinDay } from './due-after.js';

/** A signal and when it is to be said, ms UTC. */
export interface DueSignal {
  signal: ClockSignal;
  at: number;
}

/**
 * What a clock will say next; `undefined`: nothing any more, or not while it stands still. Amber, overdue, then at the end
 * of the first and of the third workday after, or as a city has set it, each once; a window is over when it is. [CK10]
 */
export function nextSignal(deadline: Deadline, calendar: WorkCalendar): DueSignal | undefined {
  const { state, signal, warned, amberAt } = deadline;
  const [first, second] = deadline.repeats ?? REPEATS;
  if (state !== 'running') return undefined;
  switch (signal) {
    case null:
      if (amberAt !== null && !warned) return { signal: 'amber', at: amberAt };
      return { signal: 'overdue', at: overdueAt(deadline) };
    case 'amber':
      return { signal: 'overdue', at: overdueAt(deadline) };
    case 'overdue':
      if (isWindow(deadline.clock)) return undefined;
      return { signal: 'overdue_1wd', at: lateFor(first, deadline, calendar) };
    case 'overdue_1wd':
      return { signal: 'overdue_3wd', at: lateFor(Math.max(first, second), deadline, calendar) };
    case 'overdue_3wd':
      return undefined;
  }
}

/** [CK11] When it is told late the first time, ms UTC. */
export const overdueAt = ({ dueAt, leniencyMs }: Pick<Deadline, 'dueAt' | 'leniencyMs'>): number => dueAt + leniencyMs;

/** When it has been late for so many workdays, those not counted in which it stood still. */
const lateFor = (days: number, { dueAt, lateFrom, lateDays = 0 }: Deadline, calendar: WorkCalendar): number =>
  dueAfter(lateFrom ?? withinDay(dueAt), { basis: 'workday', amount: days - lateDays }, calendar).at;

/** Everything that is to be said by `now`, in order, and the clock after it. A hub that was off says several at once. */
export function raise(
  deadline: Deadline,
  now: number,
  calendar: WorkCalendar,
): { said: ClockSignal[]; after: Deadline } {
  const said: ClockSignal[] = [];
  let after = deadline;
  for (let next = nextSignal(after, calendar); next && next.at <= now; next = nextSignal(after, calendar)) {
    said.push(next.signal);
    after = { ...after, signal: next.signal };
  }
  return { said, after };
}
