/** Work that goes on side by side, but never more than `most` pieces of it; the others wait in line. */
export class Lane {
  private readonly waiting: (() => void)[] = [];
  private going = 0;

  constructor(private readonly most: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.going >= this.most) await new Promise<void>((go) => this.waiting.push(go));
    else this.going += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Who comes next takes over the place.
      if (next) next();
      else this.going -= 1;
    }
  }
}
