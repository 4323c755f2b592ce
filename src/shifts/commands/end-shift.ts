import { IsInt, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { People } from '../../identity/people.js';
import { SeatLedger, type SeatNow } from '../../queues/seat-ledger.js';
import { RosterStore } from '../roster-store.js';
import { ShiftDesk } from '../shift-desk.js';

export class EndShiftPayload {
  @IsUUID('all')
  shiftId!: string;

  /** Which end of it: somebody may stay on. */
  @IsInt()
  endsAt!: number;

  /** Whose ringing this is; absent: a call has ended after the shift's end. */
  @IsOptional()
  @IsString()
  @MaxLength(96)
  clockId?: string;
}

/**
 * A shift has ended: whoever works it is signed off, and what they have goes on elsewhere [SH7]. Who is in a call, or writes
 * it up, is given a while first. Who has another shift at the same seat from now on goes on with that.
 */
@Handles('endShift')
export class EndShift extends CommandHandler<EndShiftPayload, { ended: boolean }> {
  readonly payload = EndShiftPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly seats: SeatLedger,
    private readonly roster: RosterStore,
    private readonly desk: ShiftDesk,
    private readonly clocks: ClockLedger,
    private readonly people: People,
  ) {
    super();
  }

  async handle(
    { shiftId, endsAt, clockId }: EndShiftPayload,
    context: CommandContext,
  ): Promise<Result<{ ended: boolean }>> {
    const { tx, now } = context;
    const shift = await this.roster.get(tx, shiftId);
    const at = shift && (await this.seats.seatOfUser(context, shift.userId));
    const seat = at && (await this.seats.seat(context, at.seatId));
    if (clockId !== undefined && !(await this.clocks.ring(tx, clockId, now))) return ok({ ended: false });
    // They left before, or stay on.
    if (!seat || seat.shiftId !== shiftId || seat.shiftEndsAt !== endsAt || now < endsAt) return ok({ ended: false });
    const firstRing = clockId?.startsWith('shift-end:') ?? false;
    if (firstRing && isFinishing(seat)) {
      await this.desk.grant(context, shiftId, endsAt);
      return ok({ ended: false });
    }
    if (!(await this.goesOn(context, seat))) await this.desk.goHome(context, seat, 'shift_ended');
    return ok({ ended: true });
  }

  private async goesOn(context: CommandContext, seat: SeatNow): Promise<boolean> {
    const { tx } = context;
    const { seatId, userId } = seat;
    const next = await this.desk.shiftNow(context, userId);
    const user = await this.people.actor(tx, userId);
    if (!user || !next || next.shiftId === seat.shiftId || (next.seatId ?? seatId) !== seatId) return false;
    await this.desk.goOn(context, seat, user.roles, next);
    return true;
  }
}

/** In a call, or writing it up. */
export const isFinishing = ({ presence }: Pick<SeatNow, 'presence'>): boolean =>
  presence === 'busy' || presence === 'wrap_up';
