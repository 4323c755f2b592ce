/** No wait is shorter than this share of the longest that it could be: never a loop without a pause. */
const LEAST_SHARE = 0.1;
/** The hub tells each another wait already; by so much more they are told apart where it does not. */
const APART_SHARE = 0.2;

/**
 * Waits whose bound doubles, each by chance anywhere below it: a thousand consoles cut at once come back spread over all
 * of that time, and not in waves. [LD3]
 */
export class BackOff {
  private tries = 0;

  constructor(
    private readonly random: () => number,
    private readonly firstMs = 600,
    private readonly ceilingMs = 10_000,
  ) {}

  /** Milliseconds to wait before the next try; never less than the hub has asked for, and then spread a little. */
  next(askedForMs = 0): number {
    if (askedForMs > 0) return Math.round(askedForMs * (1 + APART_SHARE * this.random()));
    const base = Math.min(this.ceilingMs, this.firstMs * 2 ** this.tries);
    this.tries = Math.min(this.tries + 1, 30);
    return Math.round(base * (LEAST_SHARE + (1 - LEAST_SHARE) * this.random()));
  }

  reset(): void {
    this.tries = 0;
  }
}
