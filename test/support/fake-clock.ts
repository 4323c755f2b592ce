import { Clock } from '../../src/config/clock.js';

/** Time that moves only when told to. */
export class FakeClock extends Clock {
  private gone = 0;

  constructor(private time = Date.UTC(2026, 2, 2, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  /** What the machine has counted, ms: what waits, waits by this. */
  get elapsed(): number {
    return this.gone;
  }

  advance(ms: number): void {
    this.time += ms;
    this.gone += ms;
  }

  /** Somebody sets the time, ahead or back: nothing that waits comes nearer by it. */
  jump(ms: number): void {
    this.time += ms;
  }
}
