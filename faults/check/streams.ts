import { isDeepStrictEqual } from 'node:util';
import type { HubEvent } from '@minqing-hub/client-sdk/protocol';
import { inOrder, roomLogs } from './room-logs.js';
import type { Check, Violation } from './violation.js';

interface Stream {
  room: string;
  console: string;
  epoch: string;
  /** Offset of the last event that came, or where it began. */
  at: number;
  ended: boolean;
}

/**
 * [LOG1] Each subscription gets its room's events one after the other, none left out, none twice; all consoles get the
 * same one at the same offset; and who is still there when all is quiet has got as far as the room has come.
 */
export const streams: Check = (history) => {
  const found: Violation[] = [];
  const open = new Map<number, Stream>();
  const placed = new Map<string, HubEvent>();
  const placeOf = new Map<string, number>();
  const tell = (wrong: Violation['wrong'], subject: string, sentence: string): void =>
    void found.push({ wrong, subject, sentence });

  const asked = new Map<number, { epoch?: string; offset?: number }>();
  for (const entry of history) {
    if (entry.kind === 'asked') asked.set(entry.sub, entry);
    else if (entry.kind === 'entered') {
      const { room, console, epoch, offset, mode } = entry;
      const from = asked.get(entry.sub);
      if (mode === 'resumed' && from && (from.epoch !== epoch || from.offset !== offset)) {
        tell(
          'answered wrongly',
          `${console} ${room}`,
          `asked from ${from.epoch} ${from.offset}, resumed from ${offset}`,
        );
      }
      open.set(entry.sub, { room, console, epoch, at: offset, ended: false });
    } else if (entry.kind === 'left') {
      const stream = open.get(entry.sub);
      if (stream) stream.ended = true;
    } else if (entry.kind === 'frame') {
      const stream = open.get(entry.sub);
      const subject = `${entry.console} ${entry.room}`;
      if (!stream || stream.ended) continue;
      if (entry.epoch !== stream.epoch) tell('reordered', subject, `a frame of the epoch ${entry.epoch}`);
      else if (entry.from > stream.at + 1) {
        tell('lost', subject, `after offset ${stream.at} came ${entry.from}`);
      } else if (entry.from <= stream.at) {
        const known = placed.get(`${entry.room}\n${entry.epoch}\n${entry.from}`);
        const same = known?.id === entry.events[0]?.id;
        tell(same ? 'applied twice' : 'reordered', subject, `after offset ${stream.at} came ${entry.from}`);
      }
      stream.at = entry.from + entry.events.length - 1;
      entry.events.forEach((event, i) => {
        const at = entry.from + i;
        const key = `${entry.room}\n${entry.epoch}\n${at}`;
        const known = placed.get(key);
        if (!known) placed.set(key, event);
        else if (known !== event && !isDeepStrictEqual(known, event)) {
          tell(
            'reordered',
            `${entry.room} ${at}`,
            `is ${known.id} ${known.type} here and ${event.id} ${event.type} there`,
          );
        }
        const own = `${entry.room}\n${entry.epoch}\n${event.id}`;
        const before = placeOf.get(own) ?? at;
        if (before !== at) tell('applied twice', `${entry.room} ${event.id}`, `stands at ${before} and at ${at}`);
        placeOf.set(own, at);
      });
    } else if (entry.kind === 'fresh') {
      for (const stream of open.values()) {
        if (stream.ended || stream.room !== entry.room) continue;
        const subject = `${stream.console} ${stream.room}`;
        if (stream.epoch !== entry.epoch) tell('lost', subject, `still follows the epoch ${stream.epoch}`);
        else if (stream.at < entry.offset) tell('lost', subject, `got to ${stream.at}, the room is at ${entry.offset}`);
      }
    }
  }
  return found;
};

/** No store of an SDK applies an event twice, or one before another that comes before it. */
export const appliedOnce: Check = (history) => {
  const found: Violation[] = [];
  const last = new Map<string, number>();
  const seen = new Set<string>();
  for (const entry of history) {
    if (entry.kind !== 'applied') continue;
    const { console, room, epoch, offset, id } = entry;
    const subject = `${console} ${room}`;
    const stream = `${subject} ${epoch}`;
    if (seen.has(`${subject} ${id}`)) found.push({ wrong: 'applied twice', subject, sentence: `${id} again` });
    else if (offset <= (last.get(stream) ?? 0)) {
      found.push({ wrong: 'reordered', subject, sentence: `${offset} after ${last.get(stream)}` });
    }
    seen.add(`${subject} ${id}`);
    last.set(stream, offset);
  }
  return found;
};

/** A room tells what was done to an order in the order in which it was done: its version never goes back. */
export const versionsRise: Check = (history) =>
  roomLogs(history).flatMap((log) => {
    const latest = new Map<string, number>();
    return inOrder(log).events.flatMap(({ id, type, data: { orderNo, version } }): Violation[] => {
      if (orderNo === undefined || version === undefined) return [];
      const before = latest.get(orderNo) ?? 0;
      latest.set(orderNo, version);
      if (version >= before) return [];
      const sentence = `${id} ${type} is of version ${version}, after version ${before}`;
      return [{ wrong: 'reordered', subject: `${log.room} ${orderNo}`, sentence }];
    });
  });
