import { Allowance, type Rate } from './allowance.js';

/** Sources are forgotten when nothing is left of what they used; looked for at so many, and whenever they have doubled. */
const FORGET_AT = 1_000;

/** What each of many sources has used of the same rate. Memory of this node, no more than who asked lately. */
export class Allowances {
  private readonly used = new Map<string, Allowance>();
  private forgetAt = FORGET_AT;

  /** How many sources are remembered. */
  get size(): number {
    return this.used.size;
  }

  /** 0: the source may, and that is counted. Otherwise the ms until it may. */
  take(source: string, now: number, rate: Rate): number {
    if (this.used.size >= this.forgetAt) this.forgetWhole(now);
    const found = this.used.get(source) ?? new Allowance();
    this.used.set(source, found);
    return found.take(now, rate);
  }

  private forgetWhole(now: number): void {
    for (const [source, allowance] of this.used) if (allowance.isWhole(now)) this.used.delete(source);
    this.forgetAt = Math.max(FORGET_AT, this.used.size * 2);
  }
}
