import type { Start } from './catch-up.js';

/** As long as somebody may still stand in line who asked before it was begun. */
const KEPT_MS = 5_000;

interface Taken {
  /** When it was begun, in asks. */
  begun: number;
  start: Promise<Start>;
}

/**
 * Of each room the snapshot that was begun last: all who had asked before that begin with it, and what happened since
 * follows for each. So a city whose log begins anew reads a room's cards a few times, and not for every console. [LD1]
 */
export class SharedSnapshots {
  private asks = 0;
  private readonly last = new Map<string, Taken>();

  constructor(private readonly take: (room: string) => Promise<Start>) {}

  /** To be noted when somebody asks; a snapshot begun later may be theirs. */
  ask(): number {
    return (this.asks += 1);
  }

  of(room: string, asked: number): Promise<Start> {
    const last = this.last.get(room);
    if (last && last.begun > asked) return last.start;
    const begun = this.ask();
    const start = this.take(room);
    this.last.set(room, { begun, start });
    // By its number alone: one that another took the place of is let go at once.
    const forget = (): void => {
      if (this.last.get(room)?.begun === begun) this.last.delete(room);
    };
    // What came of it is told to who has it; a failed one is nobody's any more.
    start.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
    return start;
  }

  /** In another log none of them counts. */
  clear(): void {
    this.last.clear();
  }
}
