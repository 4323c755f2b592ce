import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { decidePresence, PRESENCES } from '../../domain/queue/presence-moves.js';
import { SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { hasRole } from '../../identity/actor.js';
import { Seating } from '../../identity/seating.js';
import { Handover } from '../handover.js';
import { SeatLedger } from '../seat-ledger.js';
import type { StoredSeat } from '../seat-store.js';

export class SetPresencePayload implements CommandPayload<'setPresence'> {
  @IsIn(PRESENCES, { message: `座席状态应为 ${PRESENCES.join('、')} 之一` })
  presence!: (typeof PRESENCES)[number];

  @IsOptional()
  @IsString()
  @MaxLength(64)
  listenTo?: string;
}

/** Who sits down at a seat has it from then on; what the one before left there goes back to its queue. [QS7] */
@Handles('setPresence')
export class SetPresence extends CommandHandler<SetPresencePayload, CommandResult<'setPresence'>> {
  readonly payload = SetPresencePayload;
  readonly who = SEAT_ROLES;

  constructor(
    private readonly handover: Handover,
    private readonly ledger: SeatLedger,
    private readonly seating: Seating,
  ) {
    super();
  }

  async handle(
    { presence, listenTo }: SetPresencePayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'setPresence'>>> {
    const seat = await this.handover.seatOf(context);
    if (!seat) return noSeat();
    let seated = context;
    if (!sitsAt(seat, context)) {
      // [PS2] Whoever was there goes when the other one says what they want to be; who wants nothing takes nothing.
      const begun = decidePresence('offline', presence);
      if (!begun.ok) return begun;
      if (presence === 'offline') return ok({ presence });
      const sat = await this.sitDown(presence === 'busy' ? 'busy' : 'ready', context);
      if (!sat.ok) return sat;
      seated = sat.value;
    }
    const listening = listenTo === undefined ? {} : { listenTo };
    const set = await this.ledger.setPresence(seated, seated.actor.seatId!, presence, listening);
    return set.ok ? ok({ presence }) : set;
  }

  /**
   * At the seat that is theirs once nobody else sits down: in the same moment they may sign on at another one, which is
   * theirs then. [PS5] Answers with the actor as they are by then.
   */
  private async sitDown(presence: 'ready' | 'busy', context: CommandContext): Promise<Result<CommandContext>> {
    const { userId } = context.actor;
    const actor = await this.seating.lock(context.tx, userId);
    if (!actor || !hasRole(actor, this.who)) return refuse('forbidden', '您没有办理这件事的权限');
    const seated = { ...context, actor };
    const seat = await this.handover.seatOf(seated);
    if (!seat) return noSeat();
    if (sitsAt(seat, seated)) return ok(seated);
    const shift = await this.ledger.shiftNow(seated, userId);
    if (!shift.ok) return shift;
    const { seatId } = seat;
    await this.ledger.sitDown(seated, { seatId, userId, roles: actor.roles, shift: shift.value, presence });
    return ok(seated);
  }
}

const noSeat = () => refuse('no_seat', '您没有座席');

const sitsAt = ({ userId, presence }: StoredSeat, { actor }: CommandContext): boolean =>
  userId === actor.userId && presence !== 'offline';
