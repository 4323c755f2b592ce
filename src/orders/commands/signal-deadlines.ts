import type { Role } from '@minqing-hub/client-sdk/protocol';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { CalendarBook } from '../../calendar/calendar-book.js';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockOwners } from '../../deadlines/clock-owners.js';
import { DeadlineLedger, type SubjectDeadline } from '../../deadlines/deadline-ledger.js';
import type { ClockChange } from '../../domain/clock/clock-change.js';
import { sayDue } from '../../domain/clock/say-due.js';
import { ok, type Result } from '../../domain/result.js';

export class SignalDeadlinesPayload {
  @IsString({ each: true })
  @ArrayMaxSize(1_000)
  @IsArray()
  clockIds!: string[];
}

/**
 * Says what clocks have to say by now: amber, overdue, and again. Each row is locked and looked at as it is, so
 * what was stopped, paused or said in time says nothing, and what is asked for twice says nothing the second time. [CK10]
 */
@Handles('signalDeadlines')
export class SignalDeadlines extends CommandHandler<SignalDeadlinesPayload, object> {
  readonly payload = SignalDeadlinesPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly owners: ClockOwners,
    private readonly ledger: DeadlineLedger,
    private readonly calendars: CalendarBook,
  ) {
    super();
  }

  async handle({ clockIds }: SignalDeadlinesPayload, context: CommandContext): Promise<Result<object>> {
    const { tx } = context;
    // What they run for before the clocks, as every command does.
    const tell = await this.owners.lock(context, await this.ledger.subjectsOf(tx, clockIds));
    const bySubject = new Map<string, ClockChange[]>();
    for (const due of await this.ledger.lockRunning(tx, clockIds)) {
      const changes = await this.say(context, due);
      if (changes.length) bySubject.set(due.subject, [...(bySubject.get(due.subject) ?? []), ...changes]);
    }
    await tell(bySubject);
    return ok({});
  }

  private async say({ tx, now }: CommandContext, { deadline }: SubjectDeadline): Promise<ClockChange[]> {
    const { deadlines, changes } = sayDue([deadline], now, this.calendars.calendar);
    // Also what had nothing to say: by the calendar of now its next signal may have another time.
    await this.ledger.keep(tx, deadlines[0]!);
    return changes;
  }
}
