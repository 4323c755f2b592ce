import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { derivedId } from '../../commands/derived-id.js';
import { Handles } from '../../commands/handles.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { SEAT_ID, SEAT_ID_FORM } from '../../identity/seating.js';
import { SeatLedger } from '../../queues/seat-ledger.js';
import { ShiftDesk } from '../shift-desk.js';

class SignOffSeatPayload implements CommandPayload<'signOffSeat'> {
  @Matches(SEAT_ID, { message: SEAT_ID_FORM })
  seatId!: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  reason?: string;
}

/** A shift leader signs off whoever forgot to. The reason is a person's words: kept in a row of its own, told nobody. [SH11] */
@Handles('signOffSeat')
export class SignOffSeat extends CommandHandler<SignOffSeatPayload, CommandResult<'signOffSeat'>> {
  readonly payload = SignOffSeatPayload;
  readonly who = ['shift_leader'] as const;

  constructor(
    private readonly seats: SeatLedger,
    private readonly desk: ShiftDesk,
  ) {
    super();
  }

  async handle(
    { seatId, reason }: SignOffSeatPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'signOffSeat'>>> {
    const { tx, actor, now, origin } = context;
    const seat = await this.seats.seat(context, seatId);
    if (!seat || seat.presence === 'offline') {
      return refuse('not_signed_on', '这个座席没有人签到', { field: 'seatId', clause: 'SH11' });
    }
    await this.desk.goHome(context, seat, 'signed_off');
    if (reason) {
      await tx.insert('sign_off_note', {
        note_id: derivedId(actor.userId, origin.commandId),
        seat_id: seatId,
        user_id: seat.userId,
        shift_id: seat.shiftId,
        at: now,
        actor_id: actor.userId,
        reason,
      });
    }
    return ok({ seatId });
  }
}
