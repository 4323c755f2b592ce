/** A stretch of the hub's time. */
export interface Span {
  from: number;
  to: number;
}

interface Sleeper {
  at: number;
  wake: () => void;
}

/**
 * The hub's time, which stands as far ahead of this machine's as it was moved, and everybody who waits for a moment of it.
 * It is moved only while nobody is in the middle of something.
 */
export class HubTime {
  private aheadMs = 0;
  private busy = 0;
  private readonly sleepers: Sleeper[] = [];
  private readonly quiet: (() => void)[] = [];
  /** How it was moved. */
  readonly leaps: Span[] = [];

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** `from`: where it was when it was moved. */
  moved(from: number, ms: number): void {
    this.aheadMs += ms;
    this.leaps.push({ from, to: from + ms });
  }

  /** Somebody begins to live; from now on they are busy, or wait for a time. */
  begin(life: () => Promise<void>, failed: (fault: unknown) => void): void {
    this.busy += 1;
    void life()
      .catch(failed)
      .finally(() => this.rest());
  }

  /** For those who live: waits for this moment. */
  async until(at: number): Promise<void> {
    const woken = new Promise<void>((wake) => this.sleepers.push({ at, wake }));
    this.rest();
    await woken;
  }

  /** When the next one wants to be woken. */
  get next(): number {
    return Math.min(Infinity, ...this.sleepers.map(({ at }) => at));
  }

  /** Resolves when everybody waits. */
  async untilQuiet(): Promise<void> {
    if (this.busy > 0) await new Promise<void>((resolve) => this.quiet.push(resolve));
  }

  /** Everybody whose time has come goes on. */
  wakeDue(): void {
    const now = this.now();
    const due = this.sleepers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const sleeper of due) {
      this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
      this.busy += 1;
      sleeper.wake();
    }
  }

  private rest(): void {
    this.busy -= 1;
    if (this.busy === 0) for (const resolve of this.quiet.splice(0)) resolve();
  }
}

/** How much of the time from one moment to another lies in these spans, which do not overlap. */
export const within = (spans: readonly Span[], { from, to }: Span): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
