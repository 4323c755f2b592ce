import type { Card, CardKey, HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { LogReader } from '../event-log/log-reader.js';
import { asSeenIn } from '../event-log/logged-event.js';

/** Beyond this many missed events a snapshot is the shorter way. */
const MOST_RESUMED = 5_000;
const EVENTS_PER_READ = 200;

/** Where a console stands: the log it knows, and the last event of the room that its store has applied. */
export interface Standing {
  epoch: string;
  offset: number;
}

/** Where a console begins: its own offset, or a snapshot's; `head` is how far the room had come when that was read. */
export interface Start {
  offset: number;
  head: number;
  cards: Record<CardKey, Card> | undefined;
}

/** Where a console begins in a room without a log: there is nothing that it could have missed. */
export function startWithoutLog(epoch: string, from: Standing | undefined): Start {
  const known = from?.epoch === epoch && from.offset === 0;
  return { offset: 0, head: 0, cards: known ? undefined : {} };
}

/** What a console that comes into a room has missed, read from the log. */
export class CatchUp {
  constructor(private readonly reader: LogReader) {}

  /** From where the console stands when that can be resumed (`undefined`: never), else from a snapshot. */
  async start(room: string, from: Standing | undefined): Promise<Start> {
    return (from && (await this.resumed(room, from))) ?? (await this.snapshot(room));
  }

  /** Some of the room's events after `offset`, none after `target`, and the offset of the last. */
  async since(room: string, offset: number, target: number): Promise<{ events: HubEvent[]; offset: number }> {
    const read = await this.reader.ofRoom(room, offset, target, EVENTS_PER_READ);
    return { events: read.map(({ event }) => asSeenIn(event, room)), offset: read.at(-1)!.offset };
  }

  /** `undefined` when the console's store cannot be brought up to date from where it stands. */
  private async resumed(room: string, from: Standing): Promise<Start | undefined> {
    const { epoch, head, oldest } = await this.reader.roomHead(room);
    if (from.epoch !== epoch || from.offset < oldest || from.offset > head) return undefined;
    return head - from.offset > MOST_RESUMED ? undefined : { offset: from.offset, head, cards: undefined };
  }

  private async snapshot(room: string): Promise<Start> {
    const { offset, cards } = await this.reader.roomState(room);
    return { offset, head: offset, cards };
  }
}
