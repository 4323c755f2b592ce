import type { Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { NoticeDesk } from '../notice-desk.js';
import { NoticePolicy } from '../notice-policy.js';
import { NoticeStore } from '../notice-store.js';

const BATCH = 100;

export class TakeUpNoticesPayload {}

/** [NT3] There is a gateway now: what waited for one is sent, unless it is too old to be worth it. `left`: whether to go on. */
@Handles('takeUpNotices')
export class TakeUpNotices extends CommandHandler<TakeUpNoticesPayload, { left: number }> {
  readonly payload = TakeUpNoticesPayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly store: NoticeStore,
    private readonly desk: NoticeDesk,
    private readonly policy: NoticePolicy,
  ) {
    super();
  }

  async handle(_: TakeUpNoticesPayload, context: CommandContext): Promise<Result<{ left: number }>> {
    const { tx, now } = context;
    const noticeIds = await this.store.resting(tx, BATCH);
    for (const noticeId of noticeIds) {
      const notice = await this.store.lock(tx, noticeId);
      if (notice?.state !== 'queued' || notice.clockId !== null) continue;
      if (now - notice.createdAt > this.policy.keepMs) await this.desk.fail(context, notice, 'expired');
      else await this.desk.takeUp(context, notice);
    }
    return ok({ left: noticeIds.length });
  }
}
