import { Injectable } from '@nestjs/common';
import { CalendarBook } from '../calendar/calendar-book.js';
import type { Deadline } from '../domain/clock/deadline.js';
import { nextSignal } from '../domain/clock/signals.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';
import { Alarms } from './alarms.js';
import { SIGNAL_DEADLINES } from './ring-clock.js';

interface Row {
  subject: string;
  details: string;
}

/** A clock of the rule book and what it runs for. */
export interface SubjectDeadline {
  subject: string;
  deadline: Deadline;
}

/** As its row stands. */
export interface LockedDeadline extends SubjectDeadline {
  /** When it says something next, by the calendar that was in force when that was reckoned. */
  nextSignalAt: number | null;
}

/**
 * The rule book's clocks, as rows of `clock` beside the hub's own timers. Features change them inside the transaction of
 * the command that starts, stops or pauses them, with the subject's own row locked. They are never forgotten: whether a
 * limit was kept is told from them. [CK1]
 */
@Injectable()
export class DeadlineLedger {
  constructor(
    private readonly alarms: Alarms,
    private readonly calendars: CalendarBook,
  ) {}

  /**
   * Every clock that the subject ever had; locked where they are read to be changed. The subject's own lock is not enough
   * for that: a signal that is raised at another database server writes the clock and not its subject.
   */
  async of(tx: ReadTx & Partial<Tx>, subject: string): Promise<Deadline[]> {
    return (await this.ofAll(tx, [subject])).map(({ deadline }) => deadline);
  }

  /** The same of many subjects. */
  async ofAll(tx: ReadTx & Partial<Tx>, subjects: readonly string[]): Promise<SubjectDeadline[]> {
    if (subjects.length === 0) return [];
    const rows = await tx.all<Row>(
      `SELECT subject, details FROM clock WHERE subject IN (${subjects.map(() => '?').join(', ')})
       AND details IS NOT NULL${tx.forUpdate ?? ''}`,
      subjects,
    );
    return rows.map(read);
  }

  /** What these clocks run for, each once, in order. */
  async subjectsOf(tx: ReadTx, clockIds: readonly string[]): Promise<string[]> {
    if (clockIds.length === 0) return [];
    const rows = await tx.all<{ subject: string }>(
      `SELECT DISTINCT subject FROM clock WHERE clock_id IN (${clockIds.map(() => '?').join(', ')}) ORDER BY subject`,
      clockIds,
    );
    return rows.map(({ subject }) => subject);
  }

  /** Those of `clockIds` that still run and have something to say, each locked until commit; in the order of their ids. */
  async lockRunning(tx: Tx, clockIds: readonly string[]): Promise<LockedDeadline[]> {
    if (clockIds.length === 0) return [];
    // By key alone: told that they must run, SQLite would read every running clock there is.
    const rows = await tx.all<Row & { state: string; next_signal_at: number | null }>(
      `SELECT subject, state, next_signal_at, details FROM clock WHERE clock_id IN (${clockIds.map(() => '?').join(', ')})
       AND details IS NOT NULL ORDER BY clock_id${tx.forUpdate}`,
      clockIds,
    );
    return rows
      .filter(({ state }) => state === 'running')
      .map((row) => ({ ...read(row), nextSignalAt: row.next_signal_at }));
  }

  /** Ids of running ones after `after`, in order. */
  async running(tx: ReadTx, after: string, limit: number): Promise<{ clockId: string; subject: string }[]> {
    // Not by the index of states, or each portion would read and sort every running clock there is.
    const rows = await tx.all<{ clock_id: string; subject: string }>(
      `SELECT clock_id, subject FROM clock WHERE clock_id > ? AND COALESCE(state, '') = 'running' AND details IS NOT NULL
       ORDER BY clock_id LIMIT ?`,
      [after, limit],
    );
    return rows.map(({ clock_id, subject }) => ({ clockId: clock_id, subject }));
  }

  async start(tx: Tx, subject: string, deadline: Deadline): Promise<void> {
    await tx.insert('clock', {
      clock_id: deadline.clockId,
      kind: deadline.clock,
      subject,
      started_at: deadline.startedAt,
      command: SIGNAL_DEADLINES,
      payload: '{}',
      ...this.columns(deadline),
    });
    this.arm(deadline);
  }

  /** [A27] When it says something next by the calendar of now; nothing is written where its row says the same. */
  async rearm(tx: Tx, { deadline, nextSignalAt }: LockedDeadline): Promise<void> {
    const next = nextSignal(deadline, this.calendars.calendar)?.at ?? null;
    if (next !== nextSignalAt) await this.keep(tx, deadline);
  }

  async keep(tx: Tx, deadline: Deadline): Promise<void> {
    const columns = this.columns(deadline);
    await tx.run(
      `UPDATE clock SET ${Object.keys(columns)
        .map((column) => `${column} = ?`)
        .join(', ')} WHERE clock_id = ?`,
      [...Object.values(columns), deadline.clockId],
    );
    this.arm(deadline);
  }

  private columns(deadline: Deadline) {
    return {
      due_at: deadline.dueAt,
      state: deadline.state,
      // What has an end there is forgotten after a week; these never are, and `details` tells their end.
      ended_at: null,
      next_signal_at: nextSignal(deadline, this.calendars.calendar)?.at ?? null,
      details: JSON.stringify(deadline),
    };
  }

  /** Before the commit: a hint for what is rolled back does no harm. */
  private arm(deadline: Deadline): void {
    const next = nextSignal(deadline, this.calendars.calendar);
    if (next) this.alarms.arm(deadline.clockId, next.at);
  }
}

const read = ({ subject, details }: Row): SubjectDeadline => ({ subject, deadline: JSON.parse(details) as Deadline });
