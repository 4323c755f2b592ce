import { Injectable } from '@nestjs/common';
import type { Tx } from '../storage/unit-of-work.js';
import { Alarms } from './alarms.js';

/** A time by which something must have happened. When it comes, the hub issues `command` as the system. */
export interface NewClock {
  /** Chosen by the feature: one clock, one id, for ever (`offer:{offerId}`). */
  clockId: string;
  kind:
    | 'OFFER'
    | 'GRACE'
    | 'WRAP_UP'
    | 'BREAK'
    | 'SHIFT'
    | 'CALL'
    | 'CALLBACK'
    | 'LIST'
    | 'RECOUNT'
    | 'POLICY'
    | 'RESUME'
    | 'NOTICE';
  /** What it runs for, `item:{itemId}`. */
  subject: string;
  dueAt: number;
  /** Its handler calls `ring` first, and answers ok when that says false: there is nothing to do any more. */
  command: { name: string; payload: object };
}

/**
 * Rows of `clock`, the truth about time. Features change them inside their own transaction. Each change is one
 * compare-and-set on the row's state, so stop and signal cannot both win, on any database, on any number of nodes. [CK1]
 */
@Injectable()
export class ClockLedger {
  constructor(private readonly alarms: Alarms) {}

  async start(tx: Tx, clock: NewClock, now: number): Promise<void> {
    await tx.insert('clock', {
      clock_id: clock.clockId,
      kind: clock.kind,
      subject: clock.subject,
      started_at: now,
      due_at: clock.dueAt,
      state: 'running',
      ended_at: null,
      next_signal_at: clock.dueAt,
      command: clock.command.name,
      payload: JSON.stringify(clock.command.payload),
    });
    // Before the commit, because a hint for a row that is rolled back does no harm, and one that is forgotten costs a second.
    this.alarms.arm(clock.clockId, clock.dueAt);
  }

  /** Whether it was ever started, whatever became of it. */
  async isKnown(tx: Tx, clockId: string): Promise<boolean> {
    return (await tx.one('SELECT clock_id FROM clock WHERE clock_id = ?', [clockId])) !== undefined;
  }

  /** Answers false when the clock had rung or stopped before. */
  async stop(tx: Tx, clockId: string, now: number): Promise<boolean> {
    const stopped = await tx.run(
      `UPDATE clock SET state = 'stopped', ended_at = ?, next_signal_at = NULL WHERE clock_id = ? AND state = 'running'`,
      [now, clockId],
    );
    return stopped === 1;
  }

  /** For the command that a clock issues: true exactly once, and only while the clock runs and is due. Marks it rung. [CK1] [CK2] */
  async ring(tx: Tx, clockId: string, now: number): Promise<boolean> {
    const rung = await tx.run(
      `UPDATE clock SET state = 'rung', ended_at = ?, next_signal_at = NULL
       WHERE clock_id = ? AND state = 'running' AND next_signal_at <= ?`,
      [now, clockId, now],
    );
    return rung === 1;
  }

  /** A clock with several signals runs on, but raises none any more until it is moved. Answers false when the signal of `signalAt` was raised or moved. */
  async silence(tx: Tx, clockId: string, signalAt: number): Promise<boolean> {
    const silenced = await tx.run(
      `UPDATE clock SET next_signal_at = NULL WHERE clock_id = ? AND state = 'running' AND next_signal_at = ?`,
      [clockId, signalAt],
    );
    return silenced === 1;
  }
}
