/** For how long something that is looked at now and then has stood as it does, by a clock that nobody sets. */
export class Standing<T extends string | number> {
  private seen: { what: T; at: number } | undefined;

  constructor(private readonly steady: () => number) {}

  /** Counted from the first look that found it; 0: it is new, or (`undefined`) nothing is there. */
  seconds(what: T | undefined): number {
    const now = this.steady();
    if (what !== this.seen?.what) this.seen = what === undefined ? undefined : { what, at: now };
    return this.seen ? (now - this.seen.at) / 1_000 : 0;
  }
}

export const steadyNow = (): number => performance.now();
