import type { Entry } from '../history/entry.js';
import type { Check, Violation } from './violation.js';

const PATIENCE_MS = 20_000;

/**
 * The shortest history that still shows the violation: without the consoles, commands and rooms that it does not need,
 * and without what came after. Only wholes are left out, never one frame of a stream: a hole would be a violation of
 * the tester's own making.
 */
export function shrink(history: readonly Entry[], check: Check, violation: Violation): Entry[] {
  const end = performance.now() + PATIENCE_MS;
  const shows = (entries: readonly Entry[]): boolean =>
    check(entries).some(({ wrong, subject }) => wrong === violation.wrong && subject === violation.subject);
  let left = shortestPrefix(history, shows);
  const wholes = [...new Set(left.map(wholeOf))];
  // The halves first, then the halves of what is left, down to one at a time.
  for (let size = Math.ceil(wholes.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let from = 0; from < wholes.length;) {
      if (performance.now() > end) return left;
      const without = new Set(wholes.slice(from, from + size));
      const rest = left.filter((entry) => !without.has(wholeOf(entry)));
      if (rest.length < left.length && shows(rest)) {
        left = rest;
        wholes.splice(from, size);
      } else from += size;
    }
  }
  return shortestPrefix(left, shows);
}

function shortestPrefix(history: readonly Entry[], shows: (entries: readonly Entry[]) => boolean): Entry[] {
  if (!shows(history)) return [...history];
  let [without, by] = [0, history.length];
  while (by - without > 1) {
    const middle = (without + by) >> 1;
    if (shows(history.slice(0, middle))) by = middle;
    else without = middle;
  }
  return history.slice(0, by);
}

/** What an entry stands and falls with. */
function wholeOf(entry: Entry): string {
  if ('call' in entry) return `call ${entry.call}`;
  if ('sub' in entry) return `sub ${entry.sub}`;
  if (entry.kind === 'applied') return `sdk ${entry.console} ${entry.room}`;
  if (entry.kind === 'looked') return `order ${entry.orderNo}`;
  if (entry.kind === 'fault') return `fault ${entry.at}`;
  return `${entry.kind} ${entry.console} ${entry.room}`;
}
