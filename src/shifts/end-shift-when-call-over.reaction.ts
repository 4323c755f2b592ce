import type { SeatCard } from '@minqing-hub/client-sdk/protocol';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import { isFinishing } from './commands/end-shift.js';

/** Who was in a call at the end of the shift goes home when it is over, not when the time given for it is. [SH7] */
@Reacts('end-shift-when-call-over')
export class EndShiftWhenCallOver extends Reaction {
  readonly on = ['seat.presence_changed'] as const;

  async commandsFor({ at, card }: LoggedEvent): Promise<ReactionCommand[]> {
    const seat = card as SeatCard;
    const { shiftId, shiftEndsAt } = seat;
    if (shiftId === null || shiftEndsAt === null || at < shiftEndsAt || isFinishing(seat)) return [];
    return [{ name: 'endShift', payload: { shiftId, endsAt: shiftEndsAt } }];
  }
}
