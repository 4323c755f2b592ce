import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';
import { SeatStore } from '../seat-store.js';
import { SeatUserPayload } from './start-grace.js';

/** A seat's user is connected again: nothing is lost. [QS8] */
@Handles('endGrace')
export class EndGrace extends CommandHandler<SeatUserPayload, object> {
  readonly payload = SeatUserPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly handover: Handover,
    private readonly seats: SeatStore,
  ) {
    super();
  }

  async handle({ seatId, userId }: SeatUserPayload, context: CommandContext): Promise<Result<object>> {
    const seat = await this.seats.lock(context.tx, seatId);
    if (seat?.userId === userId) await this.handover.endGrace(context, seat);
    return ok({});
  }
}
