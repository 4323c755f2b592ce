import { IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';
import { SeatStore } from '../seat-store.js';

export class SeatUserPayload {
  @IsString()
  @MaxLength(64)
  seatId!: string;

  /** Who was connected: another one may sit there by now. */
  @IsString()
  @MaxLength(64)
  userId!: string;
}

/** The last socket of a seat's user has gone: from now on its return is waited for. One wait at a time. [QS8] */
@Handles('startGrace')
export class StartGrace extends CommandHandler<SeatUserPayload, object> {
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
    if (seat?.userId === userId && seat.graceId === null) await this.handover.startGrace(context, seat);
    return ok({});
  }
}
