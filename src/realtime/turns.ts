import { setImmediate as nextTurn } from 'node:timers/promises';

/** Pieces of work between two looks at what else there is to do. */
const AT_ONCE = 4;

/**
 * Those who come in wait in line, and of the work that they make only a few pieces are done at once; between them live
 * deliveries and calls have their turn, however long the line is. [LD2]
 */
export class Turns {
  private working = 0;
  private readonly waiting: (() => void)[] = [];

  get inLine(): number {
    return this.waiting.length;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.working >= AT_ONCE) await new Promise<void>((go) => this.waiting.push(go));
    else this.working += 1;
    try {
      return await work();
    } finally {
      void this.handOn();
    }
  }

  private async handOn(): Promise<void> {
    await nextTurn();
    const next = this.waiting.shift();
    if (next) next();
    else this.working -= 1;
  }
}
