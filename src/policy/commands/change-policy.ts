import type { CommandPayload, CommandResult, PolicyValue } from '@minqing-hub/client-sdk/protocol';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { derivedId } from '../../commands/derived-id.js';
import { Handles } from '../../commands/handles.js';
import { Instant } from '../../commands/payload-fields.js';
import { isPolicyKey, Policy } from '../../config/policy.js';
import type { PolicyKey } from '../../config/policy-keys.js';
import { PolicyValueField } from '../../config/policy-value-field.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { instantOf } from '../../domain/calendar/instant.js';
import { decideChange, type PolicyStanding, settingAt } from '../../domain/policy/decide-change.js';
import { POLICY_SETTERS } from '../../domain/policy/policy-rights.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { PolicyDesk } from '../policy-desk.js';
import { PolicyKeyText, Reason, unknownKeyText } from '../policy-fields.js';
import { PolicyStore, type StoredChange } from '../policy-store.js';
import { policyClock } from './put-policy-in-force.js';

const DAY_MS = 24 * 3_600_000;

export class ChangePolicyPayload implements CommandPayload<'changePolicy'> {
  @PolicyKeyText()
  key!: string;

  @PolicyValueField()
  value!: PolicyValue;

  /** Of a limit, where it is to be counted by something else. */
  @MaxLength(16, { message: '应为单位' })
  @IsString({ message: '应为单位' })
  @IsOptional()
  unit?: string;

  @Instant()
  @IsOptional()
  effectiveAt?: string;

  @Reason()
  reason!: string;

  @IsBoolean({ message: '应为 true 或 false' })
  @IsOptional()
  recalculate?: boolean;
}

/** [PC1] A policy administrator sets a policy, at once or for later; who, why, before and after are kept. [PC5] */
@Handles('changePolicy')
export class ChangePolicy extends CommandHandler<ChangePolicyPayload, CommandResult<'changePolicy'>> {
  readonly payload = ChangePolicyPayload;
  readonly who = POLICY_SETTERS;

  constructor(
    private readonly store: PolicyStore,
    private readonly desk: PolicyDesk,
    private readonly clocks: ClockLedger,
    private readonly policy: Policy,
  ) {
    super();
  }

  async handle(payload: ChangePolicyPayload, context: CommandContext): Promise<Result<CommandResult<'changePolicy'>>> {
    const { key, value, reason, recalculate = false } = payload;
    const { tx, now, origin } = context;
    if (!isPolicyKey(key)) {
      return refuse('policy_key_unknown', unknownKeyText(key), { field: 'key', clause: 'PC2' });
    }
    const at = effectiveFrom(payload.effectiveAt, now);
    if (!at.ok) return at;

    await this.desk.putDueInForce(context, key);
    const standing = await this.standing(context, key);
    const unit = payload.unit ?? settingAt(standing, at.value).unit;
    const fault = this.policy.fault(key, value, unit);
    if (fault) {
      const { clause } = this.policy.entries[key];
      return refuse('policy_value_invalid', `政策 ${key} ${fault.text}`, { field: fault.field, clause });
    }
    const farthestMs = this.policy.number('policy.mostDaysAhead') * DAY_MS;
    const decided = decideChange({ value, unit, at: at.value, recalculate }, standing, now, farthestMs);
    if (!decided.ok) return decided;

    const changeId = derivedId('policy', origin.actorId, origin.commandId);
    const change: StoredChange = {
      ...{ changeId, key, value, unit, reason, recalculate },
      ...{ effectiveAt: at.value, setBy: origin.actorId, at: now },
    };
    await this.store.add(tx, change);
    if (at.value === now) {
      return ok({ changeId, effectiveAt: now, version: await this.desk.putInForce(context, change) });
    }
    await this.clocks.start(tx, policyClock(change), now);
    await this.desk.plan(context, change);
    return ok({ changeId, effectiveAt: at.value, version: null });
  }

  private async standing({ tx }: CommandContext, key: PolicyKey): Promise<PolicyStanding> {
    const { value, unit } = (await this.store.heldOf(tx, key)) ?? this.policy.entries[key];
    return { value, unit, planned: await this.store.planned(tx, key) };
  }
}

/** [PC2] The form was checked, and `null` counts as left out. */
function effectiveFrom(text: string | null | undefined, now: number): Result<number> {
  const at = text ? instantOf(text)! : now;
  if (!text || at > now) return ok(at);
  return refuse('payload_invalid', '生效时间已经过去；立即生效的不必填写', { field: 'effectiveAt', clause: 'PC2' });
}
