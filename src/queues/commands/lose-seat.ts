import { IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';
import { QueuePolicy } from '../queue-policy.js';
import { SeatStore } from '../seat-store.js';
import { ServingSince } from '../serving-since.js';

export class LoseSeatPayload {
  @IsString()
  @MaxLength(64)
  seatId!: string;

  @IsString()
  @MaxLength(96)
  graceId!: string;
}

/**
 * The grace of a seat without a socket is over: it is offline, and what it had goes back to the queue's head. [QS8]
 * While the hub was off nobody could come back, so a grace counts anew from the moment it serves.
 */
@Handles('loseSeat')
export class LoseSeat extends CommandHandler<LoseSeatPayload, { lost: boolean }> {
  readonly payload = LoseSeatPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly handover: Handover,
    private readonly seats: SeatStore,
    private readonly clocks: ClockLedger,
    private readonly policy: QueuePolicy,
    private readonly servingSince: ServingSince,
  ) {
    super();
  }

  async handle({ seatId, graceId }: LoseSeatPayload, context: CommandContext): Promise<Result<{ lost: boolean }>> {
    const { tx, now } = context;
    const seat = await this.seats.lock(tx, seatId);
    if (!(await this.clocks.ring(tx, graceId, now))) return ok({ lost: false });
    if (!seat || seat.graceId !== graceId) return ok({ lost: false });
    if (now < this.servingSince.at + this.policy.graceMs) {
      await this.handover.startGrace(context, seat, this.servingSince.at);
      return ok({ lost: false });
    }
    const { userId, queues } = seat;
    await this.handover.setPresence(context, seat, { presence: 'offline', userId, queues }, 'seat_lost');
    return ok({ lost: true });
  }
}
