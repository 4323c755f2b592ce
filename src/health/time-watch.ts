import type { Clock } from '../config/clock.js';

/** What clocks are late by at most besides; less is a time server at work. */
const JUMP_MS = 2_000;
/** For so long a jump is worth telling. */
const TOLD_FOR_MS = 10 * 60_000;

/** Somebody has set the machine's time, or it was asleep. */
export interface Jump {
  /** Forward, or back when below 0. */
  byMs: number;
  /** The machine's time after it, ms UTC. */
  at: number;
}

/** Holds the machine's time against a clock that nobody sets. */
export class TimeWatch {
  private apart: number | undefined;
  private last: { jump: Jump; seen: number } | undefined;

  /** `steady`: ms of a clock that only goes forward. */
  constructor(
    private readonly clock: Clock,
    private readonly steady: () => number = () => performance.now(),
  ) {}

  /** The last jump, while it is worth telling. To be called now and then: what lies between two calls is one jump. */
  look(): Jump | undefined {
    const now = this.clock.now() - this.clock.aheadMs;
    const steady = this.steady();
    const byMs = Math.round(now - steady - (this.apart ?? now - steady));
    this.apart = now - steady;
    if (Math.abs(byMs) > JUMP_MS) this.last = { jump: { byMs, at: now }, seen: steady };
    return this.last && steady - this.last.seen < TOLD_FOR_MS ? this.last.jump : undefined;
  }
}
