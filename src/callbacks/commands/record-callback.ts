import { IsIn, IsOptional, IsString, IsUUID, MaxLength, ValidateIf } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Instant } from '../../commands/payload-fields.js';
import { afterAttempt, type AttemptOutcome } from '../../domain/callback/after-attempt.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { CallbackDesk } from '../callback-desk.js';
import { CallbackPolicy } from '../callback-policy.js';
import { CallbackStore } from '../callback-store.js';
import { Callees } from '../callees.js';
import { dueTime } from './schedule-callback.js';

const OUTCOMES: readonly AttemptOutcome[] = ['reached', 'no_answer', 'wrong_number', 'not_needed'];

export class RecordCallbackPayload implements CommandPayload<'recordCallback'> {
  @IsUUID('all', { message: '回拨编号应为 UUID' })
  callbackId!: string;

  @IsIn(OUTCOMES, { message: `应为 ${OUTCOMES.join('、')} 之一` })
  outcome!: AttemptOutcome;

  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxLength(500, { message: '不能超过 500 个字' })
  note?: string;

  @ValidateIf((_payload, value) => value !== undefined && value !== null)
  @Instant()
  nextAt?: string;
}

/** How a call-back went, from who had it in hand [CB5]: done, or again later [CB3]. */
@Handles('recordCallback')
export class RecordCallback extends CommandHandler<RecordCallbackPayload, CommandResult<'recordCallback'>> {
  readonly payload = RecordCallbackPayload;
  readonly who = ['agent', 'follow_up_agent', 'shift_leader'] as const;

  constructor(
    private readonly desk: CallbackDesk,
    private readonly store: CallbackStore,
    private readonly callees: Callees,
    private readonly policy: CallbackPolicy,
  ) {
    super();
  }

  async handle(
    { callbackId, outcome, note, nextAt: written }: RecordCallbackPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'recordCallback'>>> {
    const { tx, actor, now } = context;
    const callback = await this.store.lock(tx, callbackId);
    const known = await this.callees.known(context, callbackId);
    if (!known.ok || !callback) return known.ok ? gone() : known;
    if (callback.state === 'done') return gone();
    if (written && outcome !== 'no_answer') {
      return refuse('payload_invalid', '只有无人接听才再约时间', { field: 'nextAt', clause: 'CB3' });
    }
    const asked = written ? dueTime(written, now, this.policy.farthestMs, 'nextAt') : ok(undefined);
    if (!asked.ok) return asked;
    const attempts = callback.attempts + 1;
    const after = afterAttempt(outcome, { attempts, nextAt: asked.value, now }, this.policy);
    await this.store.addAttempt(tx, callbackId, { at: now, outcome, note: note ?? null, actorId: actor.userId });
    if ('done' in after) {
      await this.desk.end(context, callback, after.done, outcome !== 'not_needed');
      return ok({ callbackId, nextAt: null });
    }
    await this.desk.again(context, callback, after.againAt);
    return ok({ callbackId, nextAt: after.againAt });
  }
}

const gone = () => refuse('callback_not_found', '这项回拨已经了结', { field: 'callbackId', clause: 'CB5' });
