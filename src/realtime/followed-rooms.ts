import type { HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { PlacedEvent } from '../event-log/log-reader.js';
import { asSeenIn } from '../event-log/logged-event.js';

/** What arrives within this time goes out as one frame a room. */
const FRAME_EVERY_MS = 5;
/**
 * Telling a room costs time for each console in it. So a room rests after each frame, the longer the more there are: under
 * load the frames of a large one grow, instead of taking all the time there is. 700 consoles: 50 ms.
 */
const CONSOLES_PER_REST_MS = 14;
const LONGEST_REST_MS = 100;
const EVENTS_PER_FRAME = 200;

/** Does some work after some ms, unless it is cancelled. */
export type After = (ms: number, work: () => void) => () => void;

const byTimer: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** A room's events that go out together; the first one's offset is `from`. */
export interface Batch {
  from: number;
  events: HubEvent[];
}

export interface FollowedRoom {
  /** Consoles in the room or on their way in. */
  count: number;
  /** Offset of the last event handed out here, once there was one. */
  offset: number | undefined;
  waiting: Batch | undefined;
  /** Set while it rests. */
  cancelRest: (() => void) | undefined;
}

/** The rooms that consoles of this node follow, and their events on the way out, gathered into frames. */
export class FollowedRooms {
  private readonly rooms = new Map<string, FollowedRoom>();
  /** Those of them that have events on the way out. */
  private readonly unsent = new Set<string>();
  private cancelFlush: (() => void) | undefined;

  constructor(
    private readonly send: (room: string, batch: Batch) => void,
    private readonly after: After = byTimer,
  ) {}

  has(room: string): boolean {
    return this.rooms.has(room);
  }

  follow(room: string): FollowedRoom {
    const followed = this.rooms.get(room) ?? { count: 0, offset: undefined, waiting: undefined, cancelRest: undefined };
    followed.count += 1;
    this.rooms.set(room, followed);
    return followed;
  }

  unfollow(room: string): void {
    const followed = this.rooms.get(room);
    if (!followed || --followed.count > 0) return;
    followed.cancelRest?.();
    this.rooms.delete(room);
    this.unsent.delete(room);
  }

  /** In another log, whose offsets are others. */
  beginAnew(): void {
    this.unsent.clear();
    for (const followed of this.rooms.values()) {
      followed.cancelRest?.();
      Object.assign(followed, { offset: undefined, waiting: undefined, cancelRest: undefined });
    }
  }

  /** Offset of the last event that was sent to the room; `undefined`: of those that it has, none has passed here. */
  toldTo({ waiting, offset }: FollowedRoom): number | undefined {
    return waiting ? waiting.from - 1 : offset;
  }

  add(event: PlacedEvent): void {
    for (const [room, offset] of Object.entries(event.offsets)) {
      const followed = this.rooms.get(room);
      if (!followed) continue;
      followed.offset = offset;
      followed.waiting ??= { from: offset, events: [] };
      this.unsent.add(room);
      followed.waiting.events.push(asSeenIn(event, room));
      if (followed.waiting.events.length >= EVENTS_PER_FRAME) this.flush(room);
    }
    this.cancelFlush ??= this.after(FRAME_EVERY_MS, () => this.flushAwake());
  }

  flush(room: string): void {
    const followed = this.rooms.get(room);
    const waiting = followed?.waiting;
    if (!waiting) return;
    followed.waiting = undefined;
    this.unsent.delete(room);
    this.send(room, waiting);
    this.rest(room, followed);
  }

  flushAll(): void {
    for (const room of [...this.unsent]) this.flush(room);
  }

  private flushAwake(): void {
    this.cancelFlush = undefined;
    // Telling one room may empty another: a slow console leaves all of its rooms at once.
    for (const room of [...this.unsent]) if (!this.rooms.get(room)?.cancelRest) this.flush(room);
  }

  private rest(room: string, followed: FollowedRoom): void {
    const ms = Math.min(LONGEST_REST_MS, Math.floor(followed.count / CONSOLES_PER_REST_MS));
    followed.cancelRest?.();
    followed.cancelRest = undefined;
    if (ms <= FRAME_EVERY_MS) return;
    followed.cancelRest = this.after(ms, () => {
      followed.cancelRest = undefined;
      this.flush(room);
    });
  }

  stop(): void {
    this.cancelFlush?.();
    this.cancelFlush = undefined;
    for (const { cancelRest } of this.rooms.values()) cancelRest?.();
  }
}
