import type { Stop } from './listeners.js';

/** Calls once after `ms`, unless stopped before. */
export type After = (ms: number, call: () => void) => Stop;

export const after: After = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};
