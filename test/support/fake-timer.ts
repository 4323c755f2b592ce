import { Timer } from '../../src/deadlines/timer.js';
import type { FakeClock } from './fake-clock.js';

interface Waiting {
  at: number;
  work: () => void;
}

/** Timers that run when a test moves the time, each at its own moment, in order. */
export class FakeTimer extends Timer {
  private waiting: Waiting[] = [];

  constructor(private readonly clock: FakeClock) {
    super();
  }

  get pending(): number {
    return this.waiting.length;
  }

  after(ms: number, work: () => void): () => void {
    const entry = { at: this.clock.elapsed + Math.max(0, ms), work };
    this.waiting.push(entry);
    return () => (this.waiting = this.waiting.filter((other) => other !== entry));
  }

  advance(ms: number): void {
    const end = this.clock.elapsed + ms;
    for (;;) {
      const next = this.waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((other) => other !== next);
      this.clock.advance(Math.max(0, next.at - this.clock.elapsed));
      next.work();
    }
    this.clock.advance(end - this.clock.elapsed);
  }
}
