import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { ok, type Result } from '../domain/result.js';
import { EventLog } from '../event-log/event-log.js';
import { type GapCause, ListGaps } from './list-gaps.js';

export class OpenListGapPayload {
  @IsString()
  @Length(1, 32)
  orderNo!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  catalogCode?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  areaCode?: string | null;

  @IsIn(['no_duty_rule', 'objection_upheld'])
  cause!: GapCause;
}

/**
 * The duty list had no (right) answer for an order: a work item for the list's owner [T10].
 * Further orders with the same question join the open one.
 */
@Handles('openListGap')
export class OpenListGap extends CommandHandler<OpenListGapPayload, { gapId: string }> {
  readonly payload = OpenListGapPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly gaps: ListGaps,
    private readonly eventLog: EventLog,
  ) {
    super();
  }

  async handle(payload: OpenListGapPayload, context: CommandContext): Promise<Result<{ gapId: string }>> {
    const { tx, now, origin } = context;
    const { gap, opened, joined } = await this.gaps.open(tx, {
      gapId: origin.commandId,
      orderNo: payload.orderNo,
      catalogCode: payload.catalogCode ?? null,
      areaCode: payload.areaCode ?? null,
      cause: payload.cause,
      openedAt: now,
    });
    if (opened || joined) {
      const { orderNos } = await this.gaps.shown(tx, gap);
      const named = orderNos.includes(payload.orderNo) ? { orderNo: payload.orderNo } : {};
      await this.eventLog.append(tx, origin, [
        {
          subject: `gap:${gap.gapId}`,
          type: opened ? 'lists.gap_opened' : 'lists.gap_joined',
          at: now,
          version: null,
          data: { gapId: gap.gapId, ...named, cause: gap.cause },
          card: await this.gaps.card(tx, gap),
          rooms: { lists: 'full' },
        },
      ]);
    }
    return ok({ gapId: gap.gapId });
  }
}
