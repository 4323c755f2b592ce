import type { ClockView } from '@minqing-hub/client-sdk/protocol';
import { type Deadline, isBroken, isOpen } from './deadline.js';

/** What of an order's clocks its card shows: those that run, and those that ran out on who has it. First what is due first. */
export function clocksShown(deadlines: readonly Deadline[], unitIds: readonly string[]): ClockView[] {
  return deadlines
    .filter((one) => isOpen(one) || (isBroken(one) && (one.unitId === null || unitIds.includes(one.unitId))))
    .map(clockView)
    .sort((a, b) => a.dueAt - b.dueAt || (a.clockId < b.clockId ? -1 : 1));
}

export function clockView(deadline: Deadline): ClockView {
  const { clockId, clock, unitId, state, basis, limit, startedAt, amberAt, dueAt, provisional } = deadline;
  const { pausedAt, pausedFor, pausedMs, signal, warned, endedAt, promisedDueAt, source } = deadline;
  return {
    clockId,
    clock,
    unitId,
    state,
    basis,
    limit: limit + deadline.extra,
    source: promisedDueAt === null ? source : 'promised',
    startedAt,
    amberAt,
    dueAt,
    provisional,
    pausedAt,
    pausedFor,
    pausedMs,
    signal,
    ...(warned && signal === null && { warned }),
    endedAt,
  };
}

/** What an event of a clock tells besides the order it is for. */
export function clockFacts(deadline: Deadline) {
  const { clockId, clock, unitId, basis, limit, source, startedAt, dueAt, pausedMs, provisional } = clockView(deadline);
  return { clockId, clock, unitId, basis, limit, source, startedAt, dueAt, pausedMs, provisional };
}
