import { Clock, SystemClock } from './clock.js';
import type { Settings } from './settings.js';

/**
 * The machine's time and what an administrator has moved it ahead: for simulated months, never in production. It only
 * ever goes forward. How far ahead it is outlives a restart (`deadlines/virtual-time.ts`). [CK8]
 */
export class VirtualClock extends Clock {
  private ahead = 0;

  constructor(private readonly machine: Clock = new SystemClock()) {
    super();
  }

  now(): number {
    return this.machine.now() + this.ahead;
  }

  override get aheadMs(): number {
    return this.ahead;
  }

  /** Nothing happens when it is as far already. */
  moveAheadTo(aheadMs: number): void {
    this.ahead = Math.max(this.ahead, aheadMs);
  }
}

/** The time that the settings ask for. */
export const clockFor = ({ clock }: Settings): Clock => (clock === 'virtual' ? new VirtualClock() : new SystemClock());
