import { Injectable } from '@nestjs/common';
import { CalendarBook } from '../calendar/calendar-book.js';
import type { CommandContext } from '../commands/command-handler.js';
import type { ClocksAfter } from '../domain/clock/clock-change.js';
import type { Deadline } from '../domain/clock/deadline.js';
import { sayDue } from '../domain/clock/say-due.js';
import { nextSignal } from '../domain/clock/signals.js';
import { ActsInTime } from './acts-in-time.js';
import { DeadlineLedger } from './deadline-ledger.js';

/** What is over is told so before a command ends or moves it: what comes too late never passes for in time. [CK14] */
@Injectable()
export class SaidFirst {
  constructor(
    private readonly ledger: DeadlineLedger,
    private readonly acts: ActsInTime,
    private readonly calendars: CalendarBook,
  ) {}

  /**
   * What clocks of a thing have to say by now, also when nobody has come round to it, and not before those acts that came
   * in time.
   * @throws {OthersFirst}
   */
  async sayDue({ tx, now }: CommandContext, subject: string, deadlines: readonly Deadline[]): Promise<ClocksAfter> {
    const { calendar } = this.calendars;
    const after = sayDue(deadlines, now, calendar);
    const due = deadlines
      .filter((deadline) => !after.deadlines.includes(deadline))
      .map((deadline) => ({ ...deadline, subject, signalAt: nextSignal(deadline, calendar)!.at }));
    if (due.length > 0) await this.acts.letEarlierGoFirst(tx, due, now);
    for (const deadline of after.deadlines) if (!deadlines.includes(deadline)) await this.ledger.keep(tx, deadline);
    return after;
  }
}
