import { Injectable } from '@nestjs/common';
import type { Tx } from '../storage/unit-of-work.js';

/** A time by which something must have happened. When it comes, the hub issues `command` as the system. */
export interface NewClock {
  /** Chosen by the feature: one clock, one id, for ever (`offer:{offerId}`). */
  clockId: string;
  kind: 'OFFER' | 'GRACE';
  /** What it runs for, `item:{itemId}`. */
  subject: string;
  dueAt: number;
  command: { name: string; payload: object };
}

/** Rows of `clock`, the truth about time. Features change them inside their own transaction, so stop and signal cannot both win. */
@Injectable()
export class ClockLedger {
  async start(_tx: Tx, _clock: NewClock, _now: number): Promise<void> {
    throw new Error('not built');
  }

  /** Answers false when the clock had rung or stopped before. */
  async stop(_tx: Tx, _clockId: string, _now: number): Promise<boolean> {
    throw new Error('not built');
  }

  /** For the command that a clock issues: true exactly once, and only while the clock runs and is due. Marks it rung. */
  async ring(_tx: Tx, _clockId: string, _now: number): Promise<boolean> {
    throw new Error('not built');
  }
}
