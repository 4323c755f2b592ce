import type { CommandPayload, CommandResult, Role } from '@minqing-hub/client-sdk/protocol';
import { IsInt, Max, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { EventLog } from '../event-log/event-log.js';
import { VirtualTime } from './virtual-time.js';

const MOST_SECONDS = 400 * 24 * 60 * 60;

export class AdvanceTimePayload implements CommandPayload<'advanceTime'> {
  @Max(MOST_SECONDS)
  @Min(1)
  @IsInt()
  seconds!: number;
}

/**
 * Moves the time of a hub whose time is virtual. What becomes due by it rings within the next seconds, as if they had
 * gone by; who is logged in stays so. [CK8]
 */
@Handles('advanceTime')
export class AdvanceTime extends CommandHandler<AdvanceTimePayload, CommandResult<'advanceTime'>> {
  readonly payload = AdvanceTimePayload;
  readonly who: readonly Role[] = ['policy_admin'];

  constructor(
    private readonly virtualTime: VirtualTime,
    private readonly log: EventLog,
  ) {
    super();
  }

  async handle(
    { seconds }: AdvanceTimePayload,
    { tx, actor, now, origin }: CommandContext,
  ): Promise<Result<CommandResult<'advanceTime'>>> {
    if (!this.virtualTime.possible) {
      return refuse('clock_not_virtual', '本系统按真实时间运行，不能拨快', { clause: 'CK8' });
    }
    const ms = seconds * 1000;
    const by = { actorId: actor.userId, commandId: origin.commandId };
    const aheadMs = await this.virtualTime.moveBy(tx, ms, by);
    if (aheadMs === undefined) return ok({ now });
    await this.log.append(tx, origin, [
      {
        subject: 'hub:time',
        type: 'time.advanced',
        at: now,
        version: null,
        data: { seconds, aheadMs },
        card: null,
        rooms: {},
      },
    ]);
    return ok({ now: now + ms });
  }
}
