import { IsInt, IsString, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { EventLog } from '../../event-log/event-log.js';
import { SeatLedger } from '../../queues/seat-ledger.js';

export class OverrunBreakPayload {
  @IsString()
  @MaxLength(64)
  seatId!: string;

  @IsInt()
  until!: number;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** A break has lasted too long: seat and floor are told, once; to end it stays a person's matter. [SH10] */
@Handles('overrunBreak')
export class OverrunBreak extends CommandHandler<OverrunBreakPayload, { overrun: boolean }> {
  readonly payload = OverrunBreakPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly seats: SeatLedger,
    private readonly clocks: ClockLedger,
    private readonly log: EventLog,
  ) {
    super();
  }

  async handle(
    { seatId, until, clockId }: OverrunBreakPayload,
    context: CommandContext,
  ): Promise<Result<{ overrun: boolean }>> {
    const { tx, now, origin } = context;
    const seat = await this.seats.seat(context, seatId);
    if (!(await this.clocks.ring(tx, clockId, now))) return ok({ overrun: false });
    if (seat?.presence !== 'break' || seat.presenceUntil !== until) return ok({ overrun: false });
    const { userId, shiftId, presenceSince } = seat;
    await this.log.append(tx, origin, [
      {
        subject: `seat:${seatId}`,
        type: 'seat.break_overrun',
        at: now,
        version: null,
        data: { seatId, userId, shiftId, since: presenceSince, until },
        card: null,
        rooms: { [`seat:${seatId}`]: 'full', floor: 'full' },
      },
    ]);
    return ok({ overrun: true });
  }
}
