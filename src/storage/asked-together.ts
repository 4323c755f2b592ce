import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** So many at most are asked for in one statement. */
export const MOST_TOGETHER = 16;
/** More than one, should the database keep some of them waiting. */
const AT_ONCE = 4;
/** After one that several shared: in a storm the next gather meanwhile. Who comes alone waits for nothing. */
const GATHER_MS = 20;

interface Asked<Q, A> {
  question: Q;
  answered: (answer: A) => void;
  failed: (fault: unknown) => void;
}

/**
 * Questions of one kind, each answered by a look at the database that begins after it was asked: those that come while
 * others are looked up, or in a storm have just been, are looked up together. A node that takes another one's consoles
 * asks a few dozen times for all of them, and not a thousand times. [LD3]
 */
export class AskedTogether<Q, A> {
  private readonly waiting: Asked<Q, A>[] = [];
  private looking = 0;

  /** `lookUp`: an answer for each, in the same order; of no more than `MOST_TOGETHER`. */
  constructor(private readonly lookUp: (questions: readonly Q[]) => Promise<readonly A[]>) {}

  ask(question: Q): Promise<A> {
    return new Promise((answered, failed) => {
      this.waiting.push({ question, answered, failed });
      if (this.looking < AT_ONCE) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking += 1;
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, MOST_TOGETHER);
      try {
        const answers = await this.lookUp(some.map(({ question }) => question));
        for (const [i, { answered }] of some.entries()) answered(answers[i]!);
      } catch (fault) {
        for (const { failed } of some) failed(fault);
      }
      if (some.length > 1 && this.waiting.length < MOST_TOGETHER) await delay(GATHER_MS, undefined, { ref: false });
      else await nextTurn();
    }
    this.looking -= 1;
  }
}
