import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { SeatLedger } from '../../queues/seat-ledger.js';
import { ShiftDesk } from '../shift-desk.js';

class SignOffPayload implements CommandPayload<'signOff'> {}

/** Goes home: nothing stays behind at the seat. [SH8] */
@Handles('signOff')
export class SignOff extends CommandHandler<SignOffPayload, CommandResult<'signOff'>> {
  readonly payload = SignOffPayload;
  readonly who = SEAT_ROLES;

  constructor(
    private readonly seats: SeatLedger,
    private readonly desk: ShiftDesk,
  ) {
    super();
  }

  async handle(_payload: SignOffPayload, context: CommandContext): Promise<Result<CommandResult<'signOff'>>> {
    const seat = await this.seats.seatOfUser(context, context.actor.userId);
    if (!seat) return refuse('not_signed_on', '您没有签到', { clause: 'SH8' });
    await this.desk.goHome(context, seat, 'signed_off');
    return ok({ seatId: seat.seatId });
  }
}
