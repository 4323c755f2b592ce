import { Clock } from '../../src/config/clock.js';

/** Time that moves only when told to. */
export class FakeClock extends Clock {
  constructor(private time = Date.UTC(2026, 2, 2, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}
