import { Injectable } from '@nestjs/common';

/** Waiting, for what makes clocks ring. Nothing else in the hub's business waits: it starts a clock. */
export abstract class Timer {
  /** Calls `work` once after `ms`, not before. Answers how to call it off. */
  abstract after(ms: number, work: () => void): () => void;
}

@Injectable()
export class SystemTimer extends Timer {
  after(ms: number, work: () => void): () => void {
    const timeout = setTimeout(work, ms);
    return () => clearTimeout(timeout);
  }
}
