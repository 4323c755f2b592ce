/** So many a second in the long run, and so many at once. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** How much of a rate one source has used: a single number, the moment up to which all is used. ms of any clock that only goes forward. */
export class Allowance {
  private usedTo = -Infinity;

  /** Takes one when there is one: 0. Otherwise takes nothing and answers the ms until there is one again. */
  take(now: number, { perSecond, burst }: Rate): number {
    const each = 1_000 / perSecond;
    const waitMs = Math.max(this.usedTo, now) + each - now - burst * each;
    // Sums of fractions miss by a hair what they should be.
    if (waitMs > 1e-6) return waitMs;
    this.usedTo = Math.max(this.usedTo, now) + each;
    return 0;
  }

  /** Takes one whether or not there is one, and answers by how many ms more was taken than there was. */
  overdraw(now: number, { perSecond, burst }: Rate): number {
    const each = 1_000 / perSecond;
    this.usedTo = Math.max(this.usedTo, now) + each;
    return Math.max(0, this.usedTo - now - burst * each);
  }

  /** Whether nothing is left of what was used: it may be forgotten. */
  isWhole(now: number): boolean {
    return this.usedTo <= now;
  }
}
