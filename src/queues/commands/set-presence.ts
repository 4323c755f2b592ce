import { IsIn } from 'class-validator';
import type { Presence } from '@minqing-hub/client-sdk/protocol';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { queuesOf, SEAT_ROLES } from '../../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';

const PRESENCES: readonly Presence[] = ['offline', 'ready', 'busy', 'break'];

export class SetPresencePayload {
  @IsIn(PRESENCES, { message: '座席状态应为 offline、ready、busy、break 之一' })
  presence!: Presence;
}

/** Who sits down at a seat has it from then on; what the one before left there goes back to its queue. [QS7] */
@Handles('setPresence')
export class SetPresence extends CommandHandler<SetPresencePayload, { presence: Presence }> {
  readonly payload = SetPresencePayload;
  readonly who = SEAT_ROLES;

  constructor(private readonly handover: Handover) {
    super();
  }

  async handle({ presence }: SetPresencePayload, context: CommandContext): Promise<Result<{ presence: Presence }>> {
    const { userId, roles } = context.actor;
    const seat = await this.handover.seatOf(context);
    if (!seat) return refuse('no_seat', '您没有座席');
    await this.handover.setPresence(context, seat, { presence, userId, queues: queuesOf(roles) }, 'set');
    return ok({ presence });
  }
}
