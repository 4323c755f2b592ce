/** Of encoded events over all rooms. A day of a city's rooms is some 100 MiB; consoles are away for minutes. */
const RING_BYTES = 64 * 1024 * 1024;
/** What keeping one costs beside its text. */
const ENTRY_BYTES = 200;

/**
 * The newest events of all rooms as consoles are sent them, each encoded once for push and replay alike, whoever asks.
 * Bounded: what came in first goes first, and is read from the log when somebody still needs it. [LD1]
 */
export class EventRing {
  /** By room and offset. */
  private readonly rooms = new Map<string, Map<number, string>>();
  /** In the order in which they came. */
  private readonly kept = new Set<Kept>();
  private bytes = 0;

  constructor(private readonly mostBytes = RING_BYTES) {}

  /** Bytes that are kept. */
  get size(): number {
    return this.bytes;
  }

  clear(): void {
    this.rooms.clear();
    this.kept.clear();
    this.bytes = 0;
  }

  /** `texts[i]` is the event at offset `from + i`. */
  put(room: string, from: number, texts: readonly string[]): void {
    const events = this.rooms.get(room) ?? new Map<number, string>();
    this.rooms.set(room, events);
    for (const [i, text] of texts.entries()) {
      const offset = from + i;
      if (events.has(offset)) continue;
      const bytes = Buffer.byteLength(text) + ENTRY_BYTES;
      events.set(offset, text);
      this.kept.add({ room, offset, bytes });
      this.bytes += bytes;
    }
    for (const oldest of this.kept) {
      if (this.bytes <= this.mostBytes) break;
      this.drop(oldest);
    }
  }

  /** The events from `from` on as far as they are here without a hole, none after `to`, at most `limit`. */
  run(room: string, from: number, to: number, limit: number): string[] {
    const events = this.rooms.get(room);
    const found: string[] = [];
    for (let offset = from; offset <= to && found.length < limit; offset++) {
      const text = events?.get(offset);
      if (text === undefined) break;
      found.push(text);
    }
    return found;
  }

  covers(room: string, from: number, to: number): boolean {
    const events = this.rooms.get(room);
    for (let offset = from; offset <= to; offset++) if (!events?.has(offset)) return false;
    return true;
  }

  private drop(one: Kept): void {
    const events = this.rooms.get(one.room)!;
    events.delete(one.offset);
    if (events.size === 0) this.rooms.delete(one.room);
    this.kept.delete(one);
    this.bytes -= one.bytes;
  }
}

interface Kept {
  room: string;
  offset: number;
  bytes: number;
}
