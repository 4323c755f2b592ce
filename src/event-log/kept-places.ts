import type { Tx, UnitOfWork } from '../storage/unit-of-work.js';

/** What a node does again at most after a crash is what it did in this time; stored answers make that harmless [I7]. */
const KEEP_EVERY_MS = 200;

/** Where each consumer of the log stands, kept for all of them in one transaction now and then. */
export class KeptPlaces {
  private readonly moved = new Map<string, number>();
  private keeping: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The consumer has followed up everything up to `seq`. */
  move(name: string, seq: number): void {
    this.moved.set(name, seq);
    if (!this.stopped) this.timer ??= setTimeout(() => void this.keep(), KEEP_EVERY_MS);
  }

  /** The log is another one: a place in the old one is none in this. */
  forget(): void {
    this.moved.clear();
  }

  /** What has moved until now stays kept. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.keeping;
    await this.keep();
  }

  private async keep(): Promise<void> {
    if (this.moved.size === 0) return;
    const places = [...this.moved];
    this.moved.clear();
    this.keeping = this.unitOfWork
      .run(async (tx) => {
        for (const [name, seq] of places) await this.advance(tx, name, seq);
      }, 'after')
      .catch((error: unknown) => {
        for (const [name, seq] of places) if (!this.moved.has(name)) this.moved.set(name, seq);
        this.failed(error);
      });
    await this.keeping;
    this.timer = undefined;
    if (this.moved.size > 0 && !this.stopped) this.timer = setTimeout(() => void this.keep(), KEEP_EVERY_MS);
  }

  /** A node that was paused does not set back what another one has reached since. */
  private async advance(tx: Tx, name: string, seq: number): Promise<void> {
    const moved = await tx.run('UPDATE consumer SET seq = ? WHERE name = ? AND seq < ?', [seq, name, seq]);
    if (moved === 0) await tx.insertIfAbsent('consumer', { name, seq });
  }
}
