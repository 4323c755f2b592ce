import type { Entry } from '../history/entry.js';
import { acknowledged, answers } from './acknowledged.js';
import { holders } from './holders.js';
import { rights, type RightsTimes } from './rights.js';
import { signals, type SignalTimes } from './signals.js';
import { stores } from './stores.js';
import { appliedOnce, streams, versionsRise } from './streams.js';
import type { Check, Violation } from './violation.js';

/** Everything that a history of the wire can be asked. */
export const checksOf = (times: SignalTimes & RightsTimes): Check[] => [
  streams,
  appliedOnce,
  versionsRise,
  stores,
  acknowledged,
  answers,
  holders,
  signals(times),
  rights(times),
];

export const checkAll = (history: readonly Entry[], checks: readonly Check[]): Violation[] =>
  checks.flatMap((check) => check(history));
