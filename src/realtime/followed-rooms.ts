import type { HubEvent } from '@minqing-hub/client-sdk/protocol';
import type { PlacedEvent } from '../event-log/log-reader.js';
import { asSeenIn } from '../event-log/logged-event.js';

/** What arrives within this time goes out as one frame a room. */
const FRAME_EVERY_MS = 5;
const EVENTS_PER_FRAME = 200;

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
}

/** The rooms that consoles of this node follow, and their events on the way out, gathered into frames. */
export class FollowedRooms {
  private readonly rooms = new Map<string, FollowedRoom>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (room: string, batch: Batch) => void) {}

  has(room: string): boolean {
    return this.rooms.has(room);
  }

  follow(room: string): FollowedRoom {
    const followed = this.rooms.get(room) ?? { count: 0, offset: undefined, waiting: undefined };
    followed.count += 1;
    this.rooms.set(room, followed);
    return followed;
  }

  unfollow(room: string): void {
    const followed = this.rooms.get(room);
    if (followed && --followed.count <= 0) this.rooms.delete(room);
  }

  add(event: PlacedEvent): void {
    for (const [room, offset] of Object.entries(event.offsets)) {
      const followed = this.rooms.get(room);
      if (!followed) continue;
      followed.offset = offset;
      followed.waiting ??= { from: offset, events: [] };
      followed.waiting.events.push(asSeenIn(event, room));
      if (followed.waiting.events.length >= EVENTS_PER_FRAME) this.flush(room);
    }
    this.timer ??= setTimeout(() => this.flushAll(), FRAME_EVERY_MS);
  }

  flush(room: string): void {
    const followed = this.rooms.get(room);
    const waiting = followed?.waiting;
    if (!waiting) return;
    followed.waiting = undefined;
    this.send(room, waiting);
  }

  flushAll(): void {
    this.stop();
    for (const room of this.rooms.keys()) this.flush(room);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
