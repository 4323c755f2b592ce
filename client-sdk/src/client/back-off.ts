/** Waits that double and are jittered by ±50 %, so that a hundred consoles cut at once do not come back at once. */
export class BackOff {
  private tries = 0;

  constructor(
    private readonly random: () => number,
    private readonly firstMs = 300,
    private readonly ceilingMs = 10_000,
  ) {}

  /** Milliseconds to wait before the next try. */
  next(): number {
    const base = Math.min(this.ceilingMs, this.firstMs * 2 ** this.tries);
    this.tries = Math.min(this.tries + 1, 30);
    return Math.round(base * (0.5 + this.random()));
  }

  reset(): void {
    this.tries = 0;
  }
}
