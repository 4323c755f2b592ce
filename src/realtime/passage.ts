/** How far the log's events have passed through this node's push, and who waits for some of them to pass. */
export class Passage {
  private passedTo = 0;
  private waiting: { seq: number; resolve: () => void }[] = [];

  constructor(private readonly wake: () => void) {}

  /** What lies before is in every snapshot; nobody waits for it to pass here. */
  beginAt(seq: number): void {
    this.passedTo = Math.max(this.passedTo, seq);
  }

  /** In another log; who waits for something of the old one waits no longer. */
  beginAnew(seq: number): void {
    this.passedTo = seq;
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  passedBy(seq: number): void {
    this.passedTo = seq;
  }

  /** Resolves when the events up to `seq` have passed through here. */
  async reached(seq: number): Promise<void> {
    if (this.passedTo >= seq) return;
    const reached = new Promise<void>((resolve) => this.waiting.push({ seq, resolve }));
    this.wake();
    await reached;
  }

  callWaiting(): void {
    const ready = this.waiting.filter(({ seq }) => seq <= this.passedTo);
    this.waiting = this.waiting.filter(({ seq }) => seq > this.passedTo);
    for (const { resolve } of ready) resolve();
  }
}
