/** Of encoded events over all rooms. A day of a city's rooms is some 100 MiB; consoles are away for minutes. */
const RING_BYTES = 64 * 1024 * 1024;
/** What keeping one costs beside its text. */
const ENTRY_BYTES = 100;

/**
 * The newest events of all rooms as consoles are sent them, each encoded once for push and replay alike, whoever asks.
 * Bounded: what came in first goes first, and is read from the log when somebody still needs it. [LD1]
 */
export class EventRing {
  private readonly texts = new Map<string, string>();
  private bytes = 0;

  constructor(private readonly mostBytes = RING_BYTES) {}

  /** Bytes that are kept. */
  get size(): number {
    return this.bytes;
  }

  clear(): void {
    this.texts.clear();
    this.bytes = 0;
  }

  /** `texts[i]` is the event at offset `from + i`. */
  put(room: string, from: number, texts: readonly string[]): void {
    for (const [i, text] of texts.entries()) {
      const key = keyOf(room, from + i);
      if (this.texts.has(key)) continue;
      this.texts.set(key, text);
      this.bytes += bytesOf(key, text);
    }
    for (const [key, text] of this.texts) {
      if (this.bytes <= this.mostBytes) break;
      this.texts.delete(key);
      this.bytes -= bytesOf(key, text);
    }
  }

  /** The events from `from` on as far as they are here without a hole, none after `to`, at most `limit`. */
  run(room: string, from: number, to: number, limit: number): string[] {
    const found: string[] = [];
    for (let offset = from; offset <= to && found.length < limit; offset++) {
      const text = this.texts.get(keyOf(room, offset));
      if (text === undefined) break;
      found.push(text);
    }
    return found;
  }

  covers(room: string, from: number, to: number): boolean {
    for (let offset = from; offset <= to; offset++) if (!this.texts.has(keyOf(room, offset))) return false;
    return true;
  }
}

const keyOf = (room: string, offset: number): string => `${room} ${offset}`;
const bytesOf = (key: string, text: string): number => key.length + Buffer.byteLength(text) + ENTRY_BYTES;
