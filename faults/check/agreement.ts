import type { Frame, HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { Entry } from '../history/entry.js';
import type { Violation } from './violation.js';

/** A frame as far as a reader needs it when somebody has read the same bytes before. */
export interface Told {
  room: string;
  epoch: string;
  from: number;
  count: number;
  events: readonly HubEvent[];
  /** Why it cannot be as it should; of its words, not of its place. */
  wrong?: Violation;
}

/** One subscription of one reader, as it stands. */
export interface Reading {
  reader: string;
  room: string;
  epoch: string;
  at: number;
  /** The last pieces that came, for whoever must see what happened. */
  pieces: { at: number; told: Told }[];
  beganAt: number;
}

interface RoomTruth {
  room: string;
  epoch: string;
  events: Map<number, string>;
  placeOf: Map<string, number>;
  base: number;
  head: number;
}

const PIECES_KEPT = 20;
/** Frames that were read lately: the same one comes to hundreds of readers. */
const FRAMES_KEPT = 512;
const EVENTS_A_FRAME = 200;

/**
 * What hundreds of readers of the same rooms agree on, event by event, checked while it comes: the memory that it takes
 * is that of the rooms, not of the readers. [LOG1] The same frame is parsed once.
 */
export class Agreement {
  deliveries = 0;
  private readonly rooms = new Map<string, RoomTruth>();
  private fresh = new Map<string, Told>();
  private old = new Map<string, Told>();

  /** `text`: a frame as it came, the same for whom the same bytes came. */
  read(text: string): Told {
    const known = this.fresh.get(text) ?? this.old.get(text);
    if (known) return known;
    const told = this.compare(JSON.parse(text) as Frame);
    if (this.fresh.size >= FRAMES_KEPT) [this.old, this.fresh] = [this.fresh, new Map<string, Told>()];
    this.fresh.set(text, told);
    return told;
  }

  begin(reader: string, room: string, epoch: string, offset: number, at: number): Reading {
    const truth = this.truthOf(room, epoch);
    truth.base = Math.min(truth.base, offset);
    truth.head = Math.max(truth.head, offset);
    return { reader, room, epoch, at: offset, pieces: [], beganAt: at };
  }

  /** Takes it as the next of that subscription. Answers what is wrong with it, if anything is. */
  follow(reading: Reading, told: Told, at: number): Violation | undefined {
    const { from, count } = told;
    this.deliveries += count;
    reading.pieces.push({ at, told });
    if (reading.pieces.length > PIECES_KEPT) reading.pieces.shift();
    const before = reading.at;
    reading.at = from + count - 1;
    if (told.wrong) return told.wrong;
    const subject = `${reading.reader} ${reading.room}`;
    if (told.epoch !== reading.epoch)
      return { wrong: 'reordered', subject, sentence: `a frame of the epoch ${told.epoch}` };
    if (from === before + 1) return undefined;
    const sentence = `after offset ${before} came ${from}`;
    return { wrong: from > before ? 'lost' : 'applied twice', subject, sentence };
  }

  /** How far the room has come, as far as any reader knows. */
  headOf(room: string, epoch: string): number {
    return this.rooms.get(`${room}\n${epoch}`)?.head ?? 0;
  }

  /** What led to a violation, as entries of a history. */
  tell({ reader: console, room, epoch, at, pieces, beganAt }: Reading): Entry[] {
    const who = { console, sub: 0, room, epoch };
    const first = pieces[0]?.told.from ?? at + 1;
    return [
      { at: beganAt, kind: 'entered', mode: 'resumed', ...who, offset: first - 1 },
      ...pieces.map(({ at: when, told }): Entry => ({
        at: when,
        kind: 'frame',
        ...who,
        epoch: told.epoch,
        from: told.from,
        events: told.events,
      })),
    ];
  }

  /** All that was agreed on, as if one more console had seen it: so that every other check knows of it, too. */
  *asHistory(console: string, sub: () => number, at: number): Iterable<Entry> {
    for (const { room, epoch, events, base } of this.rooms.values()) {
      const who = { at, console, sub: sub(), room, epoch };
      // Up to a hole that nobody had filled when everybody went.
      yield { kind: 'entered', mode: 'resumed', ...who, offset: base };
      for (let from = base + 1; events.has(from); from += EVENTS_A_FRAME) {
        const some: HubEvent[] = [];
        for (let n = 0; n < EVENTS_A_FRAME && events.has(from + n); n += 1) {
          some.push(JSON.parse(events.get(from + n)!) as HubEvent);
        }
        yield { kind: 'frame', ...who, from, events: some };
      }
    }
  }

  private compare({ room, epoch, from, events }: Frame): Told {
    const truth = this.truthOf(room, epoch);
    const told: Told = { room, epoch, from, count: events.length, events };
    truth.base = Math.min(truth.base, from - 1);
    events.forEach((event, i) => {
      const at = from + i;
      const text = JSON.stringify(event);
      const known = truth.events.get(at);
      if (known === undefined) truth.events.set(at, text);
      else if (known !== text) {
        const sentence = `is ${known.slice(0, 120)} here and ${text.slice(0, 120)} there`;
        told.wrong ??= { wrong: 'reordered', subject: `${room} ${at}`, sentence };
      }
      const before = truth.placeOf.get(event.id) ?? at;
      truth.placeOf.set(event.id, at);
      if (before === at) return;
      const sentence = `stands at ${before} and at ${at}`;
      told.wrong ??= { wrong: 'applied twice', subject: `${room} ${event.id}`, sentence };
    });
    truth.head = Math.max(truth.head, from + events.length - 1);
    return told;
  }

  private truthOf(room: string, epoch: string): RoomTruth {
    const key = `${room}\n${epoch}`;
    let truth = this.rooms.get(key);
    if (!truth) {
      truth = { room, epoch, events: new Map(), placeOf: new Map(), base: Infinity, head: 0 };
      this.rooms.set(key, truth);
    }
    return truth;
  }
}
