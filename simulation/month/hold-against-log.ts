import type { ClockName, ClockSignal } from '@minqing-hub/client-sdk/protocol';
import type { Entry, Expected, ExpectedClock } from './oracle.js';

/** A signal that was raised when it had to be. */
export interface OnTime {
  /** Order and clock. */
  name: string;
  clock: ClockName;
  signal: ClockSignal;
  /** When it was due and when it was said, ms UTC by the hub's time. */
  at: number;
  saidAt: number;
}

/** What is wrong with one order's clocks, a sentence each. */
export interface Held {
  expected: number;
  raised: OnTime[];
  missing: string[];
  twice: string[];
  early: string[];
  afterStop: string[];
  /** A clock that there is not to be, or is not; a due, limit, source or end that the rule book does not give. */
  differing: string[];
}

interface Said {
  signal: ClockSignal;
  at: number;
  seq: number;
}

interface Told {
  clockId: string;
  facts: Entry['data'];
  said: Said[];
  moved: Entry[];
  endedAt: number | null;
}

/** Holds what the log says of an order's clocks against what it must say. */
export function holdAgainstLog(orderNo: string, entries: readonly Entry[], expected: readonly ExpectedClock[]): Held {
  const held: Held = { expected: 0, raised: [], missing: [], twice: [], early: [], afterStop: [], differing: [] };
  const told = clocksTold(entries);
  for (const clock of expected) {
    const name = `${orderNo} ${clock.clock} ${clock.nth}`;
    const one = take(told, clock);
    if (one) compare(name, clock, one, held);
    else held.differing.push(`${name} never started`);
    match(name, clock, one?.said ?? [], held);
  }
  for (const { clockId } of told) held.differing.push(`${clockId} should not be`);
  return held;
}

function clocksTold(entries: readonly Entry[]): Told[] {
  const told: Told[] = [];
  for (const entry of entries) {
    const { type, data, seq, recordedAt: at } = entry;
    if (type === 'deadline.started') {
      told.push({ clockId: data.clockId as string, facts: data, said: [], moved: [], endedAt: null });
    }
    const one = told.find(({ clockId }) => clockId === data.clockId);
    if (!one) continue;
    if (type === 'deadline.amber' || type === 'deadline.overdue') {
      one.said.push({ signal: data.signal as ClockSignal, at, seq });
    }
    if (type === 'deadline.recalculated' || type === 'deadline.resumed') one.moved.push(entry);
    if (type === 'deadline.met' || type === 'deadline.stopped') one.endedAt = at;
  }
  return told;
}

/** The next one of its kind. */
function take(told: Told[], { clock }: ExpectedClock): Told | undefined {
  const index = told.findIndex(({ facts }) => facts.clock === clock);
  return index < 0 ? undefined : told.splice(index, 1)[0];
}

function compare(name: string, clock: ExpectedClock, { facts, moved: all, endedAt }: Told, held: Held): void {
  const { basis, limit, source, startedAt } = clock;
  for (const [field, value] of Object.entries({ basis, limit, source, startedAt, ...clock.begun })) {
    if (facts[field] !== value) held.differing.push(`${name} has ${field} ${String(facts[field])}, not ${value}`);
  }
  if (endedAt !== clock.endedAt) held.differing.push(`${name} ended at ${endedAt}, not ${clock.endedAt}`);
  const moved = dues([facts, ...all.map(({ data }) => data)]);
  const wanted = dues([clock.begun, ...clock.moved]);
  if (moved.join() !== wanted.join())
    held.differing.push(`${name} was moved to [${moved.join()}], not [${wanted.join()}]`);
}

/** Where it was moved to: another unit may have it, or a pause be over, while its due stays. */
const dues = (each: readonly (Entry['data'] | ExpectedClock['begun'])[]): string[] =>
  each
    .map(({ dueAt, provisional }) => `${String(dueAt)}${provisional ? ' provisional' : ''}`)
    .filter((due, i, all) => i > 0 && due !== all[i - 1]);

/** Each that was said belongs to one that had to be, in their order. */
function match(name: string, clock: ExpectedClock, said: readonly Said[], held: Held): void {
  const open = [...clock.signals];
  const wasSaid = new Set<ClockSignal>();
  held.expected += open.filter(({ must }) => must === 'yes').length;
  for (const one of said) {
    const { signal, at, seq } = one;
    const index = open.findIndex((expected) => expected.signal === signal);
    const expected = open[index];
    const what = `${name} ${signal} at ${at}`;
    if (!expected || (wasSaid.has(signal) && expected.must === 'no')) {
      held.twice.push(what);
      continue;
    }
    wasSaid.add(signal);
    if (expected.must === 'no') {
      (clock.endedAt !== null && expected.at > clock.endedAt ? held.afterStop : held.early).push(what);
    } else if (at < expected.at) held.early.push(what);
    else if (seq > expected.before) held.afterStop.push(what);
    else held.raised.push({ name, clock: clock.clock, signal, at: expected.at, saidAt: at });
    open.splice(index, 1);
  }
  for (const expected of open) if (expected.must === 'yes') held.missing.push(missing(name, expected));
}

const missing = (name: string, { signal, at }: Expected): string => `${name} ${signal} due at ${at}`;
