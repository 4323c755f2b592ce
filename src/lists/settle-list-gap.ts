import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsString, Length } from 'class-validator';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { EventLog } from '../event-log/event-log.js';
import { ListGaps } from './list-gaps.js';

export class SettleListGapPayload {
  @IsString()
  @Length(1, 64)
  gapId!: string;

  @IsString()
  @Length(1, 1_000)
  note!: string;
}

/** The list's owner has dealt with a gap, by a new version or by saying why none is needed [T10]. */
@Handles('settleListGap')
export class SettleListGap extends CommandHandler<SettleListGapPayload, { gapId: string }> {
  readonly payload = SettleListGapPayload;
  readonly who: readonly Role[] = ['list_admin'];

  constructor(
    private readonly gaps: ListGaps,
    private readonly eventLog: EventLog,
  ) {
    super();
  }

  async handle({ gapId, note }: SettleListGapPayload, context: CommandContext): Promise<Result<{ gapId: string }>> {
    const { tx, actor, now, origin } = context;
    const gap = await this.gaps.find(tx, gapId);
    if (!gap) return refuse('gap_not_found', '没有这个清单缺口', { field: 'gapId' });
    if (gap.settledAt !== null) return refuse('gap_already_settled', '这个清单缺口已经办结', { field: 'gapId' });
    const card = await this.gaps.card(tx, gap);
    await this.gaps.settle(tx, gapId, actor.userId, note, now);
    await this.eventLog.append(tx, origin, [
      {
        subject: `gap:${gapId}`,
        type: 'lists.gap_settled',
        at: now,
        version: null,
        data: { gapId, cause: gap.cause },
        card,
        rooms: {},
      },
    ]);
    return ok({ gapId });
  }
}
