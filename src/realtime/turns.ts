import { setImmediate as nextTurn } from 'node:timers/promises';

/** Pieces of work between two looks at what else there is to do, unless it is said. */
const AT_ONCE = 4;

/**
 * Those who come in wait in line, and of the work that they make only a few pieces are done at once; between them live
 * deliveries and calls have their turn, however long the line is. Who has begun goes on before others begin: what was read
 * for the first is there for the rest. [LD1] [LD2]
 */
export class Turns {
  private working = 0;
  private readonly begun: (() => void)[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly atOnce = AT_ONCE) {}

  get inLine(): number {
    return this.begun.length + this.waiting.length;
  }

  /** The first piece of somebody's work. */
  take<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(work, this.waiting);
  }

  /** A later piece of it. */
  goOn<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(work, this.begun);
  }

  private async inTurn<T>(work: () => Promise<T>, line: (() => void)[]): Promise<T> {
    if (this.working >= this.atOnce) await new Promise<void>((go) => line.push(go));
    else this.working += 1;
    try {
      return await work();
    } finally {
      void this.handOn();
    }
  }

  private async handOn(): Promise<void> {
    await nextTurn();
    const next = this.begun.shift() ?? this.waiting.shift();
    if (next) next();
    else this.working -= 1;
  }
}
