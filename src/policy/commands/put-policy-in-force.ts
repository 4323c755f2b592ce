import type { Role } from '@minqing-hub/client-sdk/protocol';
import { IsUUID } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger, type NewClock } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { PolicyDesk } from '../policy-desk.js';
import { PolicyStore, type StoredChange } from '../policy-store.js';

export const clockOf = (changeId: string): string => `policy:${changeId}`;

/** Rings when a change that was set for later comes into force. */
export const policyClock = ({ changeId, key, effectiveAt }: StoredChange): NewClock => ({
  clockId: clockOf(changeId),
  kind: 'POLICY',
  subject: `policy:${key}`,
  dueAt: effectiveAt,
  command: { name: 'putPolicyInForce', payload: { changeId } },
});

class PutPolicyInForcePayload {
  @IsUUID()
  changeId!: string;
}

/** [PC3] A planned change comes into force at its time; another change of the key may have put it there already. */
@Handles('putPolicyInForce')
export class PutPolicyInForce extends CommandHandler<PutPolicyInForcePayload, object> {
  readonly payload = PutPolicyInForcePayload;
  readonly who: readonly Role[] = ['system'];

  constructor(
    private readonly clocks: ClockLedger,
    private readonly store: PolicyStore,
    private readonly desk: PolicyDesk,
  ) {
    super();
  }

  async handle({ changeId }: PutPolicyInForcePayload, context: CommandContext): Promise<Result<object>> {
    if (!(await this.clocks.ring(context.tx, clockOf(changeId), context.now))) return ok({});
    const change = await this.store.change(context.tx, changeId);
    if (change) await this.desk.putDueInForce(context, change.key);
    return ok({});
  }
}
