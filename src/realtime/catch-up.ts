import type { SnapshotPart } from '@minqing-hub/client-sdk/protocol';
import type { LogReader } from '../event-log/log-reader.js';
import { asSeenIn } from '../event-log/logged-event.js';
import { type EncodedFrame, encodedFrame } from './encoded-frame.js';
import { EncodedMessage } from './encoded-message.js';
import type { EventRing } from './event-ring.js';
import { inParts, type SnapshotPiece } from './snapshot-parts.js';

/** Beyond this many missed events a snapshot is the shorter way. */
const MOST_RESUMED = 5_000;
const EVENTS_PER_READ = 200;
/** Frames of replays that are kept for the next who misses the same: at most 8 MiB. */
const SHARED_FRAMES = 64;

/** Where a console stands: the log it knows, and the last event of the room that its store has applied. */
export interface Standing {
  epoch: string;
  offset: number;
}

/**
 * Where a console begins: its own offset, or a snapshot's; `head` is how far the room had come when that was read, `seq`
 * how far the log had, where it was asked.
 */
export interface Start {
  offset: number;
  head: number;
  seq?: number;
  snapshot: Snapshot | undefined;
}

/** About so many bytes; encoded when the first console is sent it, and once for all. */
export interface LaterPart {
  bytes: number;
  encoded: () => EncodedMessage;
}

/** A room's cards: what is answered with, and the parts that follow. */
export interface Snapshot {
  first: SnapshotPiece;
  rest: readonly LaterPart[];
}

/** Where a console begins in a room without a log: there is nothing that it could have missed. */
export function startWithoutLog(epoch: string, from: Standing | undefined): Start {
  const known = from?.epoch === epoch && from.offset === 0;
  return { offset: 0, head: 0, snapshot: known ? undefined : { first: { cards: {}, bytes: 0 }, rest: [] } };
}

/**
 * What a console that comes into a room has missed: from the ring, and where that does not reach back from the log. A
 * thousand that missed the same cost one reading and one encoding. [LD1]
 */
export class CatchUp {
  private readonly shared = new Map<string, EncodedFrame>();
  private readonly reading = new Map<string, Promise<string[]>>();

  constructor(
    private readonly reader: LogReader,
    private readonly ring: EventRing,
  ) {}

  /** As `resumed` without a look at the log, where memory tells enough: `told` is the offset up to which the room was told here. */
  startFromRing(room: string, epoch: string, from: Standing | undefined, told: number | undefined): Start | undefined {
    if (!from || told === undefined || from.epoch !== epoch) return undefined;
    if (from.offset > told || told - from.offset > MOST_RESUMED) return undefined;
    if (!this.ring.covers(room, from.offset + 1, told)) return undefined;
    return { offset: from.offset, head: told, snapshot: undefined };
  }

  /** Whether the next frame after `offset` needs no look at the log. */
  remembers(room: string, offset: number, target: number): boolean {
    return this.ring.covers(room, offset + 1, Math.min(target, offset + EVENTS_PER_READ));
  }

  /** `undefined` when the console's store cannot be brought up to date from where it stands. */
  async resumed(room: string, from: Standing): Promise<Start | undefined> {
    const { epoch, seq, head, oldest } = await this.reader.roomHead(room);
    if (from.epoch !== epoch || from.offset < oldest || from.offset > head) return undefined;
    return head - from.offset > MOST_RESUMED ? undefined : { offset: from.offset, head, seq, snapshot: undefined };
  }

  async snapshot(room: string, epoch: string): Promise<Start> {
    const { seq, offset, cards } = await this.reader.roomState(room);
    const [first, ...rest] = inParts(cards);
    const parts = rest.length + 1;
    const later = rest.map(({ cards: some, bytes }, i): LaterPart => {
      const part: SnapshotPart = { room, epoch, offset, part: i + 2, parts, cards: some };
      let message: EncodedMessage | undefined;
      return { bytes, encoded: () => (message ??= new EncodedMessage('snapshotPart', JSON.stringify(part))) };
    });
    return { offset, head: offset, seq, snapshot: { first: first!, rest: later } };
  }

  /** Some of the room's events after `offset`, none after `target`. */
  async since(room: string, epoch: string, offset: number, target: number): Promise<EncodedFrame> {
    // However far the room has come since, no more than this goes into one frame.
    const end = Math.min(target, offset + EVENTS_PER_READ);
    const name = `${epoch} ${room} ${offset} ${end}`;
    const shared = this.shared.get(name);
    if (shared) return shared;
    const kept = this.ring.run(room, offset + 1, end, EVENTS_PER_READ);
    const events = kept.length > 0 ? kept : await this.readOnce(room, offset, target);
    const frame = encodedFrame({ room, epoch, from: offset + 1 }, events);
    this.shared.set(name, frame);
    if (this.shared.size > SHARED_FRAMES) this.shared.delete(this.shared.keys().next().value!);
    return frame;
  }

  private readOnce(room: string, offset: number, target: number): Promise<string[]> {
    const name = `${room} ${offset} ${target}`;
    const reading = this.reading.get(name) ?? this.read(room, offset, target).finally(() => this.reading.delete(name));
    this.reading.set(name, reading);
    return reading;
  }

  private async read(room: string, offset: number, target: number): Promise<string[]> {
    const read = await this.reader.ofRoom(room, offset, target, EVENTS_PER_READ);
    if (read[0]?.offset !== offset + 1) throw new Error(`event ${offset + 1} of ${room} is not there any more`);
    const events = read.map(({ event }) => JSON.stringify(asSeenIn(event, room)));
    this.ring.put(room, offset + 1, events);
    return events;
  }
}
