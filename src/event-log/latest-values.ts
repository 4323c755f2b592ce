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
    const values = this.byRoom.get(room) ?? new Map<string, Latest>();
    this.byRoom.set(room, values);
    const latest: Latest = { room, key, version: (values.get(key)?.version ?? 0) + 1, data };
    values.set(key, latest);
    for (const listener of this.listeners) listener(latest);
  }

  of(room: string): Latest[] {
    return [...(this.byRoom.get(room)?.values() ?? [])];
  }

  onPublish(listener: Listener): void {
    this.listeners.push(listener);
  }
}
