import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Only root may take niceness back, so nobody else begins with it. */
const MAY_TAKE_BACK = process.getuid?.() === 0;

/**
 * How far a process lets others on this machine go first, from 0 (not at all) to 19: all its threads, and those that they
 * begin. Does nothing where it could not be taken back, or when the process is gone.
 */
export function setNiceness(pid: number, niceness: number): void {
  if (!MAY_TAKE_BACK) return;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), niceness);
  } catch {
    // It, or one of its threads, has ended.
  }
}
