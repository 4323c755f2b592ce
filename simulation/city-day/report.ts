import type { Phase } from '../acting.js';
import type { Percentiles } from '../percentiles.js';
import type { RoomDifference } from '../check-consoles.js';
import type { CounterDifference } from './checks.js';

/** What a run did and what came of it. `mismatches`: everything under `checked` that should be empty and is not. */
export interface CityDayReport {
  seed: number;
  minutes: number;
  speed: number;
  ordersPerDay: number;
  day: { weekday: number; from: string; to: string; storm: { from: string; to: string } | null };
  consoles: { connected: number; mostConnected: number; seats: number; units: number; cuts: number };
  mismatches: number;
  arrivals: { requests: number; calls: number; online: number; inStorm: number };
  calls: { offered: number; answered: number; abandoned: number };
  orders: { acknowledged: number; withUnitAtWork: number; ratePerSecond: number };
  floor: {
    signedOn: number;
    changedHands: number;
    /** Of them, whom the hub sent home when their shift was over by its clock. */
    sentHome: number;
    /** Pieces of work that a shift's end brought to another seat. */
    handedOver: number;
    breaks: number;
    breaksRefused: number;
    /** Queue events seen by the leader's console, by type. */
    moves: Record<string, number>;
  };
  commands: Record<string, number>;
  refusals: Record<string, number>;
  /** From a command's leaving until another console shows it; and until its own answer, by what went on meanwhile. */
  latencyMs: Percentiles;
  answerMs: Record<Phase, Percentiles>;
  seconds: { arrivals: number; finishing: number };
  checked: {
    heldTwice: string[];
    heldByGone: string[];
    lost: string[];
    counters: CounterDifference[];
    rooms: number;
    different: RoomDifference[];
  };
  notes: string[];
}

const MOST_NAMED = 20;

export function mismatchesOf({ heldTwice, heldByGone, lost, counters, different }: CityDayReport['checked']): number {
  return heldTwice.length + heldByGone.length + lost.length + counters.length + different.length;
}

/** As `checked`, short enough to read. */
export function named(checked: CityDayReport['checked']): CityDayReport['checked'] {
  return {
    ...checked,
    heldTwice: checked.heldTwice.slice(0, MOST_NAMED),
    heldByGone: checked.heldByGone.slice(0, MOST_NAMED),
    lost: checked.lost.slice(0, MOST_NAMED),
    counters: checked.counters.slice(0, MOST_NAMED),
    different: checked.different.slice(0, MOST_NAMED),
  };
}

export const timeOfDay = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(Math.floor(minute) % 60).padStart(2, '0')}`;
