import { Allowance, type Rate } from '../commands/allowance.js';
import { Allowances } from '../commands/allowances.js';

/** Of one user: a program that connects on and on takes nobody's place but its own. */
const RATE_OF_USER: Rate = { perSecond: 5, burst: 60 };
/** Nobody is sent away for longer, however many wait. */
const LONGEST_WAIT_MS = 10_000;

/**
 * How many connections a node takes on a second, so that a storm of them does not feed itself: who comes on top is told
 * when there will be room, each another moment, and by then it is there. [LD3]
 */
export class Admission {
  private readonly used = new Allowance();
  /** Of those who were sent away: when the last of them has its place, ms of the same clock. */
  private takenUntil = 0;
  private readonly ofUsers = new Allowances();

  /** 0: come in. Otherwise the ms to wait. `now`: of any clock that only goes forward. */
  ask(userId: string, now: number, rate: Rate): number {
    const own = this.ofUsers.take(userId, now, RATE_OF_USER);
    if (own > 0) return own;
    const waitMs = this.used.take(now, rate);
    if (waitMs === 0) return 0;
    this.takenUntil = Math.max(this.takenUntil, now + waitMs) + 1_000 / rate.perSecond;
    return Math.min(LONGEST_WAIT_MS, this.takenUntil - now);
  }
}
