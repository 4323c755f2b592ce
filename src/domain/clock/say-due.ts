import type { ClockSignal } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import type { Deadline } from './deadline.js';
import type { ClockChange, ClocksAfter } from './clock-change.js';
import { raise } from './signals.js';

/** What clocks have to say by `now`, each signal for itself and in its order. [CK10] */
export function sayDue(deadlines: readonly Deadline[], now: number, calendar: WorkCalendar): ClocksAfter {
  const changes: ClockChange[] = [];
  const said = deadlines.map((deadline) => {
    const { said: signals, after } = raise(deadline, now, calendar);
    for (const signal of signals) changes.push({ type: eventOf(signal), deadline: { ...after, signal } });
    return after;
  });
  return { deadlines: said, changes };
}

const eventOf = (signal: ClockSignal) => (signal === 'amber' ? 'deadline.amber' : 'deadline.overdue');
