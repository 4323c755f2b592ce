import { IsInt, IsOptional, IsUUID } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { SeatLedger } from '../../queues/seat-ledger.js';
import { RosterStore, type StoredShift } from '../roster-store.js';
import { ShiftDesk } from '../shift-desk.js';

export class NoteShiftPayload {
  @IsUUID('all')
  shiftId!: string;

  /** When it happened that makes us look. */
  @IsInt()
  at!: number;

  /** Since when whoever has left had been there. */
  @IsOptional()
  @IsInt()
  signedOnAt?: number;
}

/**
 * Somebody has come for a shift, or left it, by whatever way: the roster is told, as the seats are now, and its end is
 * watched. [SH7]
 */
@Handles('noteShift')
export class NoteShift extends CommandHandler<NoteShiftPayload, object> {
  readonly payload = NoteShiftPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly seats: SeatLedger,
    private readonly roster: RosterStore,
    private readonly desk: ShiftDesk,
  ) {
    super();
  }

  async handle({ shiftId, at, signedOnAt }: NoteShiftPayload, context: CommandContext): Promise<Result<object>> {
    const { tx } = context;
    const known = await this.roster.get(tx, shiftId);
    if (!known) return ok({});
    const found = await this.seats.seatOfUser(context, known.userId);
    const seat = found && (await this.seats.seat(context, found.seatId));
    const shift = (await this.roster.lock(tx, shiftId))!;
    if (seat?.shiftId === shiftId) {
      await this.desk.watchEnd(context, shift, { signedOnAt: seat.signedOnAt ?? at, signedOffAt: null });
    } else {
      await this.left(context, shift, at, signedOnAt);
    }
    return ok({});
  }

  private async left(context: CommandContext, shift: StoredShift, at: number, since: number | undefined) {
    const signedOnAt = shift.signedOnAt ?? since;
    if (signedOnAt === undefined || shift.signedOffAt !== null) return;
    await this.desk.save(context, shift, { signedOnAt, signedOffAt: at });
  }
}
