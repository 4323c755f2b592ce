import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { decidePresence, PRESENCES } from '../../domain/queue/presence-moves.js';
import { SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';
import { SeatLedger } from '../seat-ledger.js';

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
  ) {
    super();
  }

  async handle(
    { presence, listenTo }: SetPresencePayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'setPresence'>>> {
    const { userId, roles } = context.actor;
    const seat = await this.handover.seatOf(context);
    if (!seat) return refuse('no_seat', '您没有座席');
    const { seatId } = seat;
    if (seat.userId !== userId || seat.presence === 'offline') {
      // [PS2] Whoever was there goes when the other one says what they want to be; who wants nothing takes nothing.
      const begun = decidePresence('offline', presence);
      if (!begun.ok) return begun;
      if (presence === 'offline') return ok({ presence });
      const shift = await this.ledger.shiftNow(context, userId);
      if (!shift.ok) return shift;
      const first = presence === 'busy' ? 'busy' : 'ready';
      await this.ledger.sitDown(context, { seatId, userId, roles, shift: shift.value, presence: first });
    }
    const set = await this.ledger.setPresence(context, seatId, presence, listenTo === undefined ? {} : { listenTo });
    return set.ok ? ok({ presence }) : set;
  }
}
