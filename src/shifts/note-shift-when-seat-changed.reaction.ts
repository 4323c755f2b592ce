import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** Whichever way somebody came to a seat or left it, the roster knows who is there for a shift. [SH7] */
@Reacts('note-shift-when-seat-changed')
export class NoteShiftWhenSeatChanged extends Reaction {
  readonly on = ['seat.shift_started', 'seat.shift_ended'] as const;

  async commandsFor({ type, at, data }: LoggedEvent): Promise<ReactionCommand[]> {
    const { shiftId, signedOnAt, userId } = data;
    if (typeof shiftId !== 'string') {
      return type === 'seat.shift_started' ? [{ name: 'awaitShift', payload: { userId } }] : [];
    }
    const since = type === 'seat.shift_ended' && typeof signedOnAt === 'number' ? { signedOnAt } : {};
    return [{ name: 'noteShift', payload: { shiftId, at, ...since } }];
  }
}
