import { CalendarBook } from '../calendar/calendar-book.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [A27] [PC6] A notice always moves running clocks that count workdays; a policy only where that was asked for. */
@Reacts('recalculate-deadlines-when-rules-changed')
export class RecalculateDeadlinesWhenRulesChanged extends Reaction {
  readonly on = ['calendar.imported', 'policy.changed'] as const;

  constructor(private readonly calendars: CalendarBook) {
    super();
  }

  async commandsFor({ id, seq, type, data }: LoggedEvent): Promise<ReactionCommand[]> {
    if (type === 'policy.changed' && data.recalculate !== true) return [];
    await this.calendars.calendarAt(seq);
    const because = type === 'calendar.imported' ? 'calendar' : 'policy';
    return [{ name: 'recalculateDeadlines', payload: { because, eventId: id, after: '' } }];
  }
}
