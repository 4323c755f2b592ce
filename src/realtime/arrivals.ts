import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Authenticated } from '../identity/authentication.js';
import type { TokenClaims } from '../identity/tokens.js';

/** One look on its way and a second one beside it, should the database keep the first waiting. */
const LOOKS_AT_ONCE = 2;
/** Then the first of a thousand are let in while the last of them knock. */
const MOST_A_LOOK = 16;

/** What the database says of each, in the same order; `undefined`: the token does not count any more. */
export type LookUp = (claims: readonly TokenClaims[]) => Promise<(Authenticated | undefined)[]>;

interface Arrival {
  claims: TokenClaims;
  found: (who: Authenticated | undefined) => void;
  failed: (fault: unknown) => void;
}

/**
 * Those who knock while others are looked up are looked up together: a node that takes another one's consoles asks the
 * database a few dozen times who they are, and not a thousand times. In a line of their own, or nobody would come into a
 * room before all are looked up. [LD2] [LD3]
 */
export class Arrivals {
  private readonly waiting: Arrival[] = [];
  private looking = 0;

  constructor(private readonly lookUp: LookUp) {}

  /** Looked up after this was asked, not before. */
  whoIs(claims: TokenClaims): Promise<Authenticated | undefined> {
    return new Promise((found, failed) => {
      this.waiting.push({ claims, found, failed });
      if (this.looking < LOOKS_AT_ONCE) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking += 1;
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, MOST_A_LOOK);
      try {
        const all = await this.lookUp(some.map(({ claims }) => claims));
        for (const [i, { found }] of some.entries()) found(all[i]);
      } catch (fault) {
        for (const { failed } of some) failed(fault);
      }
      await nextTurn();
    }
    this.looking -= 1;
  }
}
