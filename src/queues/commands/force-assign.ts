import { IsString, IsUUID, MaxLength } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { decideAssign } from '../../domain/queue/decide-assign.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';

export class ForceAssignPayload implements CommandPayload<'forceAssign'> {
  @IsUUID('all', { message: '工作编号应为 UUID' })
  itemId!: string;

  @IsString({ message: '坐席编号应为文字' })
  @MaxLength(64)
  seatId!: string;
}

/** A shift leader gives work of any queue to a seat, out of another one's hands if need be. [RT9] */
@Handles('forceAssign')
export class ForceAssign extends CommandHandler<ForceAssignPayload, CommandResult<'forceAssign'>> {
  readonly payload = ForceAssignPayload;
  readonly who = ['shift_leader'] as const;

  constructor(private readonly handover: Handover) {
    super();
  }

  async handle(
    { itemId, seatId }: ForceAssignPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'forceAssign'>>> {
    const held = await this.handover.lock(context, itemId, seatId);
    if (!held) return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    const { item, seat: holder, other: seat } = held;
    if (!seat) return refuse('no_seat', '没有这个坐席，或还没有人在此签入', { field: 'seatId', clause: 'RT9' });
    const decision = decideAssign(item, seat);
    if (!decision.ok) return decision;
    if (decision.value === 'assign') await this.handover.assign(context, { item, seat: holder }, seat);
    return ok({ itemId });
  }
}
