import { CalendarBook } from '../calendar/calendar-book.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { LivePolicy } from '../policy/live-policy.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [A27] [PC6] A notice always moves running clocks that count workdays; a policy only where that was asked for. */
@Reacts('recalculate-deadlines-when-rules-changed')
export class RecalculateDeadlinesWhenRulesChanged extends Reaction {
  readonly on = ['calendar.imported', 'policy.changed'] as const;

  constructor(
    private readonly calendars: CalendarBook,
    private readonly livePolicy: LivePolicy,
  ) {
    super();
  }

  async commandsFor({ id, seq, type, data }: LoggedEvent): Promise<ReactionCommand[]> {
    if (type === 'policy.changed' && data.recalculate !== true) return [];
    const because = type === 'calendar.imported' ? 'calendar' : 'policy';
    // A reaction may be ahead of what its own node has heard.
    if (because === 'calendar') await this.calendars.calendarAt(seq);
    else await this.livePolicy.reached(data.version as number);
    const changed = because === 'policy' ? changeIn(data) : {};
    return [{ name: 'recalculateDeadlines', payload: { because, ...changed, eventId: id, after: '' } }];
  }
}

const changeIn = ({ key, value, unit, version, effectiveAt: since }: LoggedEvent['data']) => ({
  key,
  change: { value, unit, version, since },
});
