import { type Span, within } from './hub-time.js';
import type { Held } from './hold-against-log.js';
import { type Lateness, latenessOf } from './lateness.js';

/** What the run found of everything that must hold; each list is to be empty. */
export interface MonthChecked {
  missing: string[];
  twice: string[];
  early: string[];
  afterStop: string[];
  /** Later than it may be, beside the time that the hub was down. */
  tooLate: string[];
  /** A clock, due, limit, source or end that the rule book does not give. */
  differing: string[];
  /** A breach that the hub should have acted upon. */
  notActedUpon: string[];
  /** What `verify-log` found. */
  log: string[];
}

/** ms. */
export interface LatenessKinds {
  /** As the hub's time went, leaps and all. */
  hub: Lateness;
  /** Of the time that really passed. */
  real: Lateness;
  /** Of that, the time in which the hub was up. */
  up: Lateness;
}

export interface MonthReport {
  seed: number;
  from: string;
  days: number;
  alarms: string;
  mismatches: number;
  orders: number;
  faults: { kills: number; redisLosses: number };
  /** How long Redis was away each time, seconds by the hub's time, and what was said meanwhile. */
  redisAway: { seconds: number; signals: number }[];
  signals: { expected: number; raised: number };
  latenessMs: LatenessKinds;
  /** Clock and signal. */
  bySignal: Record<string, { raised: number; latenessMs: LatenessKinds }>;
  commands: Record<string, number>;
  refusals: Record<string, number>;
  time: { seconds: number; moves: number };
  checked: MonthChecked;
  notes: string[];
}

/** What the hub's time did in the run. */
export interface Course {
  leaps: readonly Span[];
  downs: readonly Span[];
  redisAway: readonly Span[];
  mostLateMs: number;
}

interface Sample {
  name: string;
  /** Of which clock, and when it was due. */
  what: string;
  hub: number;
  real: number;
  up: number;
}

export function reportOnSignals(
  all: readonly Held[],
  { leaps, downs, redisAway, mostLateMs }: Course,
): Pick<MonthReport, 'signals' | 'redisAway' | 'latenessMs' | 'bySignal'> & { tooLate: string[] } {
  const samples = all.flatMap(({ raised }) =>
    raised.map(({ name, clock, signal, at, saidAt }): Sample => {
      const span = { from: at, to: saidAt };
      const real = saidAt - at - within(leaps, span);
      const what = `${name} ${signal}, due at ${new Date(at).toISOString()},`;
      return { name: `${clock} ${signal}`, what, hub: saidAt - at, real, up: real - within(downs, span) };
    }),
  );
  const names = [...new Set(samples.map(({ name }) => name))].sort();
  return {
    signals: { expected: all.reduce((sum, { expected }) => sum + expected, 0), raised: samples.length },
    redisAway: redisAway.map(({ from, to }) => ({
      seconds: Math.round((to - from) / 1_000),
      signals: all.flatMap(({ raised }) => raised).filter(({ saidAt }) => from <= saidAt && saidAt <= to).length,
    })),
    latenessMs: kindsOf(samples),
    bySignal: Object.fromEntries(
      names.map((name) => {
        const those = samples.filter((sample) => sample.name === name);
        return [name, { raised: those.length, latenessMs: kindsOf(those) }];
      }),
    ),
    tooLate: samples.filter(({ up }) => up > mostLateMs).map(({ what, up }) => `${what} late by ${up} ms`),
  };
}

const kindsOf = (samples: readonly Sample[]): LatenessKinds => ({
  hub: latenessOf(samples.map(({ hub }) => hub)),
  real: latenessOf(samples.map(({ real }) => real)),
  up: latenessOf(samples.map(({ up }) => up)),
});

export const mismatchesOf = (checked: MonthChecked): number =>
  (Object.values(checked) as string[][]).reduce((sum, list) => sum + list.length, 0);
