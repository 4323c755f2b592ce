import { Clock } from '../../src/config/clock.js';

/** Time that moves only when told to. */
export class FakeClock extends Clock {
  private gone = 0;
  private ahead = 0;

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

  override get aheadMs(): number {
    return this.ahead;
  }

  /** As `advance`, but the hub's time alone, as when it is virtual: who is signed on stays so, however far it goes. */
  moveAhead(ms: number): void {
    this.advance(ms);
    this.ahead += ms;
  }

  /** Somebody sets the time, ahead or back: nothing that waits comes nearer by it. */
  jump(ms: number): void {
    this.time += ms;
  }
}
