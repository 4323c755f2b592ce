import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { decideTakeBack } from '../../domain/queue/decide-assign.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { Handover } from '../handover.js';

export class TakeBackPayload implements CommandPayload<'takeBack'> {
  @IsUUID('all', { message: '工作编号应为 UUID' })
  itemId!: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  reason?: string;
}

/** A shift leader takes work of any queue out of a seat's hands: back to the queue's head. [RT10] */
@Handles('takeBack')
export class TakeBack extends CommandHandler<TakeBackPayload, CommandResult<'takeBack'>> {
  readonly payload = TakeBackPayload;
  readonly who = ['shift_leader'] as const;

  constructor(private readonly handover: Handover) {
    super();
  }

  async handle(
    { itemId, reason }: TakeBackPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'takeBack'>>> {
    const held = await this.handover.lock(context, itemId);
    if (!held) return refuse('item_not_found', '没有这件工作，或已办完', { field: 'itemId' });
    const decision = decideTakeBack(held.item);
    if (!decision.ok) return decision;
    await this.handover.giveBack(context, held.seat!, held.item, 'taken_back', reason);
    return ok({ itemId });
  }
}
