import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import { SeatLedger } from '../queues/seat-ledger.js';
import { ReadModel } from '../storage/unit-of-work.js';

/** A roster reaches those too who were at work, without a shift, before it came. [SH4] */
@Reacts('await-shifts-when-roster-imported')
export class AwaitShiftsWhenRosterImported extends Reaction {
  readonly on = ['roster.imported'] as const;

  constructor(
    private readonly readModel: ReadModel,
    private readonly seats: SeatLedger,
  ) {
    super();
  }

  async commandsFor(_event: LoggedEvent): Promise<ReactionCommand[]> {
    const present = await this.readModel.run((tx) => this.seats.signedOn({ tx }));
    return present
      .filter(({ shiftId }) => shiftId === null)
      .map(({ userId }) => ({ name: 'awaitShift', payload: { userId }, key: userId }));
  }
}
