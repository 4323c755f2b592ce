import type { HubEvent, OrderCard } from '@minqing-hub/client-sdk/protocol';
import type { Entry } from '../history/entry.js';
import { inOrder, roomLogs } from './room-logs.js';
import type { Check, Violation } from './violation.js';

export interface SignalTimes {
  /** What is due at once is told overdue so long after. */
  atOnceMs: number;
  /** Not told so long after its time, when all is quiet, a signal counts as missing. */
  lateMs: number;
}

const SIGNALS: readonly string[] = ['deadline.amber', 'deadline.overdue'];
const OVER: readonly string[] = ['met', 'stopped'];

interface ClockSeen {
  dueAt: number;
  /** Nothing is expected of it any more. */
  over: boolean;
  said: Map<string, string>;
}

/** [I5] Each signal of each clock once: none missing, none twice, none early, none after the clock ended. */
export const signals = ({ atOnceMs, lateMs }: SignalTimes): Check => {
  const overdueAt = (startedAt: number, dueAt: number): number => dueAt + (dueAt <= startedAt ? atOnceMs : 0);
  return (history) => {
    const found: Violation[] = [];
    const tell = (clockId: string, sentence: string): void =>
      void found.push({ wrong: 'signals missing or twice', subject: clockId, sentence });
    const clocks = new Map<string, ClockSeen>();
    const seen = new Set<string>();
    let now = 0;

    const take = ({ id, type, at, data }: HubEvent): void => {
      const { clockId, startedAt, signal } = data as { clockId: string; startedAt: number; signal?: string };
      const dueAt = data.dueAt as number;
      const known = clocks.get(clockId);
      const clock = known ?? { dueAt: overdueAt(startedAt, dueAt), over: false, said: new Map<string, string>() };
      clocks.set(clockId, clock);
      if (type === 'deadline.started') return;
      if (type === 'deadline.recalculated') clock.dueAt = overdueAt(startedAt, dueAt);
      else if (type === 'deadline.amber' || type === 'deadline.overdue') {
        const name = type === 'deadline.amber' ? 'amber' : String(signal ?? 'overdue');
        if (clock.said.has(name)) tell(clockId, `${name} was said by ${clock.said.get(name)} and again by ${id}`);
        if (clock.over) tell(clockId, `${name} was said after the clock had ended`);
        if (name !== 'amber' && at < clock.dueAt) tell(clockId, `${name} was said ${clock.dueAt - at} ms early`);
        clock.said.set(name, id);
      } else clock.over = true;
    };
    for (const log of roomLogs(history)) {
      const ended = new Set<string>();
      const shown = new Map<string, readonly string[]>();
      for (const event of inOrder(log).events) {
        now = Math.max(now, event.at);
        // By the order of the log: what came in time may have stood in line behind the signal. [CK14]
        const { clockId } = event.data as { clockId?: string };
        if (SIGNALS.includes(event.type) && clockId !== undefined && ended.has(clockId) && !seen.has(event.id)) {
          tell(clockId, `${event.type} was said by ${event.id} after its order had shown its end`);
        }
        const listed = clocksOf(event);
        if (listed) {
          const going = listed.filter(({ state }) => !OVER.includes(state)).map((one) => one.clockId);
          const { key } = event.data.card!;
          for (const before of shown.get(key) ?? []) if (!going.includes(before)) ended.add(before);
          shown.set(key, going);
        }
        if (!event.type.startsWith('deadline.') || seen.has(event.id) || !('clockId' in event.data)) continue;
        seen.add(event.id);
        take(event);
      }
    }
    // Only where the history ends in quiet is it known that nothing more was said.
    if (!history.some(({ kind }) => kind === 'fresh')) return found;
    for (const [clockId, { dueAt, over, said }] of clocks) {
      if (over || said.has('overdue') || now <= dueAt + lateMs) continue;
      tell(clockId, `overdue was not said, ${now - dueAt} ms after its time`);
    }
    for (const { clockId, startedAt, dueAt, state, signal } of clocksAtTheEnd(history)) {
      if (clocks.has(clockId) || state !== 'running' || (signal !== null && signal !== 'amber')) continue;
      const at = overdueAt(startedAt, dueAt);
      if (now > at + lateMs) tell(clockId, `overdue was not said, ${now - at} ms after its time`);
    }
    return found;
  };
};

/** As an event shows them with its order's card: those that ended in time are not among them any more. */
function clocksOf({ data: { card } }: HubEvent): OrderCard['clocks'] | undefined {
  if (!card || card.op === 'gone') return undefined;
  return ((card.op === 'enter' ? card.card : card.fields) as Partial<OrderCard>).clocks;
}

/** As the cards of a fresh console show them: a clock's start is told nobody but with its order's card. */
const clocksAtTheEnd = (history: readonly Entry[]): OrderCard['clocks'] =>
  history.flatMap((entry) =>
    entry.kind === 'fresh' ? Object.values(entry.cards).flatMap((card) => ('clocks' in card ? card.clocks : [])) : [],
  );
