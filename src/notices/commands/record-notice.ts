import { IsIn, IsInt, IsUUID, Min } from 'class-validator';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import type { SendOutcome } from '../citizen-gateway.js';
import { NoticeDesk } from '../notice-desk.js';
import { NoticeStore } from '../notice-store.js';

export class RecordNoticePayload {
  @IsUUID('all')
  noticeId!: string;

  @Min(1)
  @IsInt()
  attempt!: number;

  @IsIn(['sent', 'refused', 'unanswered', 'no_address'])
  outcome!: SendOutcome | 'no_address';
}

/** What became of an attempt to tell a requester. [NT4] */
@Handles('recordNotice')
export class RecordNotice extends CommandHandler<RecordNoticePayload, object> {
  readonly payload = RecordNoticePayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly store: NoticeStore,
    private readonly desk: NoticeDesk,
  ) {
    super();
  }

  async handle({ noticeId, attempt, outcome }: RecordNoticePayload, context: CommandContext): Promise<Result<object>> {
    const notice = await this.store.lock(context.tx, noticeId);
    if (notice?.state !== 'queued') return ok({});
    if (outcome === 'sent') await this.desk.sent(context, notice);
    // Another attempt is on its way by now, and will tell.
    else if (notice.attempts !== attempt) return ok({});
    else if (outcome === 'unanswered') await this.desk.again(context, notice);
    else await this.desk.fail(context, notice, outcome);
    return ok({});
  }
}
