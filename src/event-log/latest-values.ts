import { Injectable } from '@nestjs/common';
import type { Latest } from '@minqing-hub/client-sdk/protocol';

type Listener = (value: Latest) => void;

/**
 * Conflated values (counters, provisional rankings): only the newest of a key matters, nothing of it is kept.
 * Memory of this node; features put values in, push takes them out at its own pace.
 */
@Injectable()
export class LatestValues {
  private readonly byRoom = new Map<string, Map<string, Latest>>();
  private readonly listeners: Listener[] = [];

  publish(room: string, key: string, data: unknown): void {
    this.put({ room, key, version: this.versionAfter(room, key), data });
  }

  /** As `publish`, for what is dear to count: it is counted each time when somebody is told, and not before. */
  publishWhenTold(room: string, key: string, count: () => unknown): void {
    this.put({
      room,
      key,
      version: this.versionAfter(room, key),
      get data() {
        return count();
      },
    });
  }

  of(room: string): Latest[] {
    return [...(this.byRoom.get(room)?.values() ?? [])];
  }

  onPublish(listener: Listener): void {
    this.listeners.push(listener);
  }

  private versionAfter(room: string, key: string): number {
    return (this.byRoom.get(room)?.get(key)?.version ?? 0) + 1;
  }

  private put(latest: Latest): void {
    const { room, key } = latest;
    const values = this.byRoom.get(room) ?? new Map<string, Latest>();
    this.byRoom.set(room, values.set(key, latest));
    for (const listener of this.listeners) listener(latest);
  }
}
