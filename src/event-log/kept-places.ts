import type { Tx, UnitOfWork } from '../storage/unit-of-work.js';

/** What a node does again at most after a crash is what it did in this time; stored answers make that harmless [I7]. */
const KEEP_EVERY_MS = 200;

/** How far a consumer has followed the log up. */
export interface Place {
  seq: number;
  /** Of the log that it is a place in. */
  epoch: string;
}

/** The log is another one than that of the places that were to be kept. */
class AnotherLog extends Error {}

/** Where each consumer of the log stands, kept for all of them in one transaction now and then. */
export class KeptPlaces {
  private readonly moved = new Map<string, Place>();
  private keeping: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly failed: (error: unknown) => void,
    /** Nothing was kept, for the log is another one: whoever follows it has to read its place anew. */
    private readonly outdated: () => void,
  ) {}

  /** The consumer has followed up everything up to `seq` of the log of this epoch. */
  move(name: string, seq: number, epoch: string): void {
    this.moved.set(name, { seq, epoch });
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
      .run((tx) => this.advance(tx, places), 'after')
      .catch((error: unknown) => {
        if (error instanceof AnotherLog) return this.outdated();
        for (const [name, place] of places) if (!this.moved.has(name)) this.moved.set(name, place);
        this.failed(error);
      });
    await this.keeping;
    this.timer = undefined;
    if (this.moved.size > 0 && !this.stopped) this.timer = setTimeout(() => void this.keep(), KEEP_EVERY_MS);
  }

  /** A node that was paused does not set back what another one has reached since. */
  private async advance(tx: Tx, places: readonly [string, Place][]): Promise<void> {
    for (const [name, { seq }] of places) {
      const moved = await tx.run('UPDATE consumer SET seq = ? WHERE name = ? AND seq < ?', [seq, name, seq]);
      if (moved === 0) await tx.insertIfAbsent('consumer', { name, seq });
    }
    // Last: whoever makes the log another one takes the lock of these rows before that, and waits here or is waited for.
    const log = await tx.one<{ epoch: string }>('SELECT epoch FROM log_head WHERE id = 1');
    if (places.some(([, { epoch }]) => epoch !== log?.epoch)) throw new AnotherLog();
  }
}
