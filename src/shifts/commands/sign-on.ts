import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsBoolean, IsOptional, Matches } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { endOf } from '../../domain/shift/rostered-shift.js';
import { chinaTime } from '../../domain/shift/shift-plan.js';
import { hasRole } from '../../identity/actor.js';
import { SEAT_ID, SEAT_ID_FORM, Seating } from '../../identity/seating.js';
import { SeatLedger, type SeatNow } from '../../queues/seat-ledger.js';
import { noShiftNow } from '../roster-rules.js';
import { ShiftDesk } from '../shift-desk.js';
import { ShiftPolicy } from '../shift-policy.js';

class SignOnPayload implements CommandPayload<'signOn'> {
  @IsOptional()
  @Matches(SEAT_ID, { message: SEAT_ID_FORM })
  seatId?: string;

  @IsOptional()
  @IsBoolean()
  takeOver?: boolean;
}

/**
 * Begins to work at a seat: the one that is named, else the rostered, else the own, which it then is [SH4]. Where somebody
 * sits already, or where the actor sits elsewhere, it says so, and does it only when told to. [SH5]
 */
@Handles('signOn')
export class SignOn extends CommandHandler<SignOnPayload, CommandResult<'signOn'>> {
  readonly payload = SignOnPayload;
  readonly who = SEAT_ROLES;

  constructor(
    private readonly seats: SeatLedger,
    private readonly seating: Seating,
    private readonly desk: ShiftDesk,
    private readonly policy: ShiftPolicy,
  ) {
    super();
  }

  async handle(
    { seatId, takeOver = false }: SignOnPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'signOn'>>> {
    const { tx, origin } = context;
    const { userId } = context.actor;
    const actor = await this.seating.lock(tx, userId);
    if (!actor || !hasRole(actor, this.who)) return refuse('forbidden', '您没有办理这件事的权限');
    const { roles } = actor;
    const mine = await this.seats.seatOfUser(context, userId);
    const shift = await this.desk.shiftNow(context, userId);
    if (!shift && !mine && this.policy.withoutRoster === 'refuse') return noShiftNow();
    // The roster gives them no other shift than the one that they work.
    const goesOn = mine !== undefined && (!shift || mine.shiftId === shift.shiftId);
    const wanted = seatId ?? (goesOn ? mine.seatId : (shift?.seatId ?? mine?.seatId ?? actor.seatId));
    if (wanted === undefined) {
      return refuse('no_seat', '您没有座席，请指定在哪个座席签到', { field: 'seatId', clause: 'SH4' });
    }
    if (goesOn && mine.seatId === wanted) return ok(answerOf(mine));

    // Locked in the order of their ids, as everywhere.
    for (const id of [mine?.seatId ?? wanted, wanted].sort()) await this.seats.seat(context, id);
    const there = await this.seats.seat(context, wanted);
    if (!takeOver) {
      if (mine && mine.seatId !== wanted) return signedOnElsewhere(mine);
      if (there && there.presence !== 'offline' && there.userId !== userId) return occupied(there);
    }
    if (mine?.seatId === wanted && shift) {
      await this.seating.move(tx, origin, userId, wanted);
      return ok(answerOf(await this.desk.goOn(context, mine, roles, shift)));
    }
    const seat = await this.seats.sitDown(context, {
      seatId: wanted,
      userId,
      roles,
      shift: shift ? { shiftId: shift.shiftId, endsAt: endOf(shift) } : stillWorkedBy(mine),
      ...(mine?.presence === 'ready' ? { presence: 'ready' } : {}),
    });
    // Last, so that whoever is pushed aside is told so in the seat's room before they have to leave it. [PS5]
    await this.seating.move(tx, origin, userId, wanted);
    return ok(answerOf(seat));
  }
}

/** A shift that is over and was given a while to finish is not shaken off by moving. */
const stillWorkedBy = (mine: SeatNow | undefined) =>
  mine && mine.shiftId !== null && mine.shiftEndsAt !== null
    ? { shiftId: mine.shiftId, endsAt: mine.shiftEndsAt }
    : null;

const answerOf = ({ seatId, shiftId, shiftEndsAt }: SeatNow) => ({ seatId, shiftId, shiftEndsAt });

const since = ({ signedOnAt, presenceSince }: SeatNow): string => chinaTime(signedOnAt ?? presenceSince);

const signedOnElsewhere = (mine: SeatNow): Result<never> =>
  refuse('already_signed_on', `您已于 ${since(mine)} 在座席 ${mine.seatId} 签到；确认后将转到新座席`, {
    field: 'seatId',
    clause: 'SH5',
  });

const occupied = (there: SeatNow): Result<never> =>
  refuse('seat_occupied', `座席 ${there.seatId} 自 ${since(there)} 起有人在岗；确认后由您接替，对方将被签退`, {
    field: 'seatId',
    clause: 'SH5',
  });
