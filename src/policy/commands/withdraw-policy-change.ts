import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsUUID } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { POLICY_SETTERS } from '../../domain/policy/policy-rights.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { PolicyDesk } from '../policy-desk.js';
import { Reason } from '../policy-fields.js';
import { PolicyStore } from '../policy-store.js';
import { clockOf } from './put-policy-in-force.js';

export class WithdrawPolicyChangePayload implements CommandPayload<'withdrawPolicyChange'> {
  @IsUUID('all', { message: '应为变更编号' })
  changeId!: string;

  @Reason()
  reason!: string;
}

/** [PC3] What was set for later does not come about; what is in force is changed, not withdrawn. */
@Handles('withdrawPolicyChange')
export class WithdrawPolicyChange extends CommandHandler<
  WithdrawPolicyChangePayload,
  CommandResult<'withdrawPolicyChange'>
> {
  readonly payload = WithdrawPolicyChangePayload;
  readonly who = POLICY_SETTERS;

  constructor(
    private readonly clocks: ClockLedger,
    private readonly store: PolicyStore,
    private readonly desk: PolicyDesk,
  ) {
    super();
  }

  async handle(
    { changeId: asked, reason }: WithdrawPolicyChangePayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'withdrawPolicyChange'>>> {
    const { tx, now, actor } = context;
    const changeId = asked.toLowerCase();
    const change = await this.store.change(tx, changeId);
    if (!change) return refuse('policy_change_not_found', '没有这项政策变更', { field: 'changeId' });
    // Its clock may not have rung yet: what was due holds from its time on.
    await this.desk.putDueInForce(context, change.key);
    const planned = await this.store.planned(tx, change.key);
    if (!planned.some((one) => one.changeId === changeId)) {
      return refuse('policy_change_not_planned', '这项变更已经生效或撤回，如需改回请另作变更', {
        field: 'changeId',
        clause: 'PC3',
      });
    }
    await this.clocks.stop(tx, clockOf(changeId), now);
    await this.desk.withdraw(context, change, { userId: actor.userId, reason });
    return ok({ changeId });
  }
}
