import type { HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { Entry } from '../history/entry.js';

/** A room's events under one epoch, put together from all that any console got. */
export interface RoomLog {
  room: string;
  epoch: string;
  events: Map<number, HubEvent>;
  /** The lowest offset from which some console began, and the highest that any was told of. */
  base: number;
  head: number;
}

/** Every room's log, by room and epoch. Where consoles differ the first one counts; `streams` tells that they do. */
export function roomLogs(history: readonly Entry[]): RoomLog[] {
  const logs = new Map<string, RoomLog>();
  const logOf = (room: string, epoch: string): RoomLog => {
    const key = `${room}\n${epoch}`;
    let log = logs.get(key);
    if (!log) logs.set(key, (log = { room, epoch, events: new Map(), base: Infinity, head: 0 }));
    return log;
  };
  for (const entry of history) {
    if (entry.kind === 'frame') {
      const log = logOf(entry.room, entry.epoch);
      entry.events.forEach((event, i) => {
        const offset = entry.from + i;
        if (!log.events.has(offset)) log.events.set(offset, event);
        log.head = Math.max(log.head, offset);
      });
      log.base = Math.min(log.base, entry.from - 1);
    } else if (entry.kind === 'entered' || entry.kind === 'fresh') {
      const log = logOf(entry.room, entry.epoch);
      log.base = Math.min(log.base, entry.offset);
      log.head = Math.max(log.head, entry.offset);
    }
  }
  return [...logs.values()];
}

/** Its events in order up to the first one that nobody got. */
export function inOrder({ events, base, head }: RoomLog): { events: HubEvent[]; whole: boolean } {
  const ordered: HubEvent[] = [];
  for (let offset = base + 1; offset <= head; offset += 1) {
    const event = events.get(offset);
    if (!event) return { events: ordered, whole: false };
    ordered.push(event);
  }
  return { events: ordered, whole: true };
}
