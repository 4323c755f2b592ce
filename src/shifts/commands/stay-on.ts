import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsInt, Max, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { endOf } from '../../domain/shift/rostered-shift.js';
import { SeatLedger } from '../../queues/seat-ledger.js';
import { ShiftDesk } from '../shift-desk.js';
import { ShiftPolicy } from '../shift-policy.js';

const MINUTE_MS = 60_000;

class StayOnPayload implements CommandPayload<'stayOn'> {
  @Max(240)
  @Min(1)
  @IsInt()
  minutes!: number;
}

/** Works on for so long beyond the rostered end; a time that was promised longer stays longer. [SH6] */
@Handles('stayOn')
export class StayOn extends CommandHandler<StayOnPayload, CommandResult<'stayOn'>> {
  readonly payload = StayOnPayload;
  readonly who = SEAT_ROLES;

  constructor(
    private readonly seats: SeatLedger,
    private readonly desk: ShiftDesk,
    private readonly policy: ShiftPolicy,
  ) {
    super();
  }

  async handle({ minutes }: StayOnPayload, context: CommandContext): Promise<Result<CommandResult<'stayOn'>>> {
    const { mostStayMinutes } = this.policy;
    if (minutes > mostStayMinutes) {
      return refuse('payload_invalid', `最多延时 ${mostStayMinutes} 分钟`, { field: 'minutes', clause: 'SH6' });
    }
    const at = await this.seats.seatOfUser(context, context.actor.userId);
    const seat = at && (await this.seats.seat(context, at.seatId));
    if (!seat) return refuse('not_signed_on', '您没有签到', { clause: 'SH6' });
    const shift = await this.desk.shiftOf(context, seat);
    if (!shift) return refuse('no_shift_now', '您现在没有排定的班次，不必延时', { clause: 'SH6' });

    const staysUntil = shift.endsAt + minutes * MINUTE_MS;
    if (staysUntil <= context.now) {
      return refuse('payload_invalid', '这样的延时已经过去', { field: 'minutes', clause: 'SH6' });
    }
    if (staysUntil <= endOf(shift)) return ok({ shiftEndsAt: endOf(shift) });
    await this.desk.watchEnd(context, shift, { staysUntil });
    await this.seats.extendShift(context, seat.seatId, staysUntil);
    return ok({ shiftEndsAt: staysUntil });
  }
}
