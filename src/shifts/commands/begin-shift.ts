import { IsString, IsUUID, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { People } from '../../identity/people.js';
import { SeatLedger } from '../../queues/seat-ledger.js';
import { RosterStore } from '../roster-store.js';
import { ShiftDesk } from '../shift-desk.js';

export class BeginShiftPayload {
  @IsUUID('all')
  shiftId!: string;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** The time to sign on for a shift has come for somebody who was there before it: wherever they sit, it is theirs. [SH4] */
@Handles('beginShift')
export class BeginShift extends CommandHandler<BeginShiftPayload, { begun: boolean }> {
  readonly payload = BeginShiftPayload;
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

  async handle({ shiftId, clockId }: BeginShiftPayload, context: CommandContext): Promise<Result<{ begun: boolean }>> {
    const { tx, now } = context;
    const known = await this.roster.get(tx, shiftId);
    const at = known && (await this.seats.seatOfUser(context, known.userId));
    const seat = at && (await this.seats.seat(context, at.seatId));
    if (!(await this.clocks.ring(tx, clockId, now))) return ok({ begun: false });
    if (!seat || seat.shiftId !== null) return ok({ begun: false });
    const user = await this.people.actor(tx, seat.userId);
    // Another roster may have come meanwhile.
    const shift = await this.desk.shiftNow(context, seat.userId);
    if (!user || shift?.shiftId !== shiftId) return ok({ begun: false });
    await this.desk.goOn(context, seat, user.roles, shift);
    return ok({ begun: true });
  }
}
