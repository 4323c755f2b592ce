import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [W5] [W7] [W13] What the rule book does when nobody did it in time. Whether it still has to be done the whistle says. */
@Reacts('act-when-whistle-clock-ran-out')
export class ActWhenWhistleClockRanOut extends Reaction {
  readonly on = ['deadline.overdue'] as const;

  async commandsFor({ data }: LoggedEvent): Promise<ReactionCommand[]> {
    const { whistleNo, clock, unitId, signal } = data;
    if (whistleNo === undefined) return [];
    const first = signal === 'overdue';
    switch (clock) {
      case 'REPORT_IN':
        return first ? [{ name: 'markAbsent', payload: { whistleNo, unitId } }] : [];
      case 'MEETING':
        return [
          ...(first ? [{ name: 'missMeeting', payload: { whistleNo } }] : []),
          { name: 'takeHigher', payload: { whistleNo } },
        ];
      case 'TASK':
        return [{ name: 'takeHigher', payload: { whistleNo } }];
      default:
        return [];
    }
  }
}
