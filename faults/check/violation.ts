import type { Entry } from '../history/entry.js';

/** What may never happen. Each is counted, and each count must be zero. */
export const WRONGS = [
  'acknowledged but missing',
  'lost',
  'applied twice',
  'reordered',
  'held twice',
  'signals missing or twice',
  'store not as a fresh console',
  'seen without right',
  'answered wrongly',
] as const;
export type Wrong = (typeof WRONGS)[number];

export interface Violation {
  wrong: Wrong;
  /** What it is about: an order, an item, a clock, a room of a console. */
  subject: string;
  sentence: string;
}

/** One question to a history. What cannot be decided from it is no violation: a history may be a part of one. */
export type Check = (history: readonly Entry[]) => Violation[];
