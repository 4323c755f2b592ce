import { IsString, IsUUID, MaxLength } from 'class-validator';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { CitizenGateway } from '../citizen-gateway.js';
import { NoticeDesk } from '../notice-desk.js';
import { NoticePolicy } from '../notice-policy.js';
import { NoticeSender } from '../notice-sender.js';
import { NoticeStore } from '../notice-store.js';

export class SendNoticePayload {
  @IsUUID('all')
  noticeId!: string;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** A notice's timer rang: it is time to try it, the first time or again. This node does, once that is committed. */
@Handles('sendNotice')
export class SendNotice extends CommandHandler<SendNoticePayload, object> {
  readonly payload = SendNoticePayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly store: NoticeStore,
    private readonly desk: NoticeDesk,
    private readonly clocks: ClockLedger,
    private readonly gateway: CitizenGateway,
    private readonly sender: NoticeSender,
    private readonly policy: NoticePolicy,
  ) {
    super();
  }

  async handle({ noticeId, clockId }: SendNoticePayload, context: CommandContext): Promise<Result<object>> {
    const { tx, now } = context;
    const notice = await this.store.lock(tx, noticeId);
    if (!(await this.clocks.ring(tx, clockId, now))) return ok({});
    if (notice?.state !== 'queued' || notice.clockId !== clockId) return ok({});
    if (!this.gateway.connected) await this.desk.rest(context, notice);
    else if (now - notice.createdAt > this.policy.keepMs) await this.desk.fail(context, notice, 'expired');
    else if (notice.attempts >= this.policy.mostAttempts) await this.desk.fail(context, notice, 'unanswered');
    else this.sender.begin(noticeId, await this.desk.attempt(context, notice));
    return ok({});
  }
}
