import type { Latest } from '@minqing-hub/client-sdk/protocol';

/** [FL10] ≤ 3 per second and key. */
export const LATEST_APART_MS = 340;
/** Telling a room costs time for each console in it, so a large one is told less often. 700 consoles: once a second. */
const APART_PER_CONSOLE_MS = 1.5;
const LONGEST_APART_MS = 1_000;

/** Values on their way out: of each key the newest, and none sooner than some time after the one before. */
export class Conflation {
  private readonly newest = new Map<string, Latest>();
  private readonly sentAt = new Map<string, number>();

  constructor(private readonly consolesIn: (room: string) => number) {}

  put(value: Latest): void {
    this.newest.set(nameOf(value), value);
  }

  /** Takes out a value that may go now, ms of any clock that only goes forward; `undefined`: none may. */
  take(now: number): Latest | undefined {
    for (const [name, value] of this.newest) {
      if (now - (this.sentAt.get(name) ?? -Infinity) < this.apartMs(value.room)) continue;
      this.newest.delete(name);
      this.sentAt.set(name, now);
      return value;
    }
    return undefined;
  }

  private apartMs(room: string): number {
    return Math.min(LONGEST_APART_MS, Math.max(LATEST_APART_MS, this.consolesIn(room) * APART_PER_CONSOLE_MS));
  }
}

const nameOf = ({ room, key }: Latest): string => `${room}\n${key}`;
