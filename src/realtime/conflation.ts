import type { Latest } from '@minqing-hub/client-sdk/protocol';

/** [FL10] ≤ 3 per second and key. */
export const LATEST_APART_MS = 340;

/** Values on their way out: of each key the newest, and none sooner than some time after the one before. */
export class Conflation {
  private readonly newest = new Map<string, Latest>();
  private readonly sentAt = new Map<string, number>();

  put(value: Latest): void {
    this.newest.set(nameOf(value), value);
  }

  /** Takes out a value that may go now, ms of any clock that only goes forward; `undefined`: none may. */
  take(now: number): Latest | undefined {
    for (const [name, value] of this.newest) {
      if (now - (this.sentAt.get(name) ?? -Infinity) < LATEST_APART_MS) continue;
      this.newest.delete(name);
      this.sentAt.set(name, now);
      return value;
    }
    return undefined;
  }
}

const nameOf = ({ room, key }: Latest): string => `${room}\n${key}`;
