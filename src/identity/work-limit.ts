/** At most so many pieces of heavy work at once; some more wait in line, the rest are turned away. */
export class WorkLimit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly inLine: number,
    private readonly turnAway: () => Error,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running++;
    else await this.turn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  /** Whoever ends hands its place over. */
  private turn(): Promise<void> {
    if (this.waiting.length >= this.inLine) throw this.turnAway();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
