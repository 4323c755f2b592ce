import { IsOptional, IsString, MaxLength, ValidateBy } from 'class-validator';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Instant } from '../../commands/payload-fields.js';
import { KeyedDigest } from '../../commands/keyed-digest.js';
import { instantOf } from '../../domain/calendar/instant.js';
import { callableFrom } from '../../domain/callback/calling-hours.js';
import { phoneText } from '../../domain/intake/digest-texts.js';
import { isPhoneNumber } from '../../domain/intake/phone-number.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { OrderBook } from '../../orders/order-book.js';
import { CallBook } from '../../telephony/call-book.js';
import { CallbackDesk } from '../callback-desk.js';
import { CallbackPolicy } from '../callback-policy.js';
import { CallbackStore } from '../callback-store.js';

export class ScheduleCallbackPayload implements CommandPayload<'scheduleCallback'> {
  @IsOptional()
  @IsString({ message: '应为工单编号' })
  @MaxLength(32, { message: '应为工单编号' })
  orderNo?: string;

  @IsOptional()
  @IsString({ message: '应为通话编号' })
  @MaxLength(128, { message: '应为通话编号' })
  callId?: string;

  @IsOptional()
  @ValidateBy({
    name: 'isPhone',
    validator: {
      validate: (value) => typeof value === 'string' && isPhoneNumber(value),
      defaultMessage: () => '电话号码格式不对：应为手机号、带区号的固定电话或服务热线',
    },
  })
  phone?: string;

  @Instant()
  dueAt!: string;

  /** For who calls; in no event. */
  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxLength(500, { message: '不能超过 500 个字' })
  reason?: string;
}

interface Callee {
  orderNo: string | null;
  callId: string | null;
  phone: string;
}

/** Somebody was promised a call, at a time at which people may be called. [CB2] [CB4] */
@Handles('scheduleCallback')
export class ScheduleCallback extends CommandHandler<ScheduleCallbackPayload, CommandResult<'scheduleCallback'>> {
  readonly payload = ScheduleCallbackPayload;
  readonly who = ['agent', 'dispatcher', 'follow_up_agent', 'shift_leader'] as const;

  constructor(
    private readonly desk: CallbackDesk,
    private readonly store: CallbackStore,
    private readonly calls: CallBook,
    private readonly orders: OrderBook,
    private readonly digest: KeyedDigest,
    private readonly policy: CallbackPolicy,
  ) {
    super();
  }

  async handle(
    payload: ScheduleCallbackPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'scheduleCallback'>>> {
    const at = dueTime(payload.dueAt, context.now, this.policy.farthestMs, 'dueAt');
    if (!at.ok) return at;
    const found = await this.callee(payload, context);
    if (!found.ok) return found;
    const { phone, ...of } = found.value;
    const dueAt = callableFrom(at.value, this.policy.hours);
    const { purpose, text } = phoneText(phone);
    const callbackId = await this.desk.arrange(
      context,
      { cause: 'promised', ...of, phoneDigest: this.digest.of(purpose, text), dueAt },
      payload.reason ?? null,
    );
    if (payload.phone) await this.store.keepCallee(context.tx, callbackId!, payload.phone);
    return ok({ callbackId: callbackId!, dueAt });
  }

  /** Only who may speak with them arranges that somebody will. */
  private async callee(
    { orderNo = undefined, callId, phone }: ScheduleCallbackPayload,
    context: CommandContext,
  ): Promise<Result<Callee>> {
    const call = callId ? await this.calls.inHand(context, callId) : NO_CALL;
    if (!call.ok) return call;
    if (orderNo) {
      const sees = await this.orders.seesRequester(context, orderNo);
      if (sees === 'hidden') return refuse('order_not_found', '没有这件工单，或您无权查看', { field: 'orderNo' });
      if (sees === 'masked') return refuse('forbidden', '您无权联系这件工单的诉求人', { field: 'orderNo' });
    }
    const known =
      phone ??
      (call.value && (await this.calls.phone(context.tx, call.value))) ??
      (orderNo ? await this.orders.requesterPhone(context.tx, orderNo) : null);
    if (!known) return refuse('nobody_to_call', '没有可拨打的号码', { field: 'phone', clause: 'CB2' });
    return ok({ orderNo: orderNo ?? null, callId: call.value?.callId ?? null, phone: known });
  }
}

const NO_CALL = ok(null);

/** [CB2] A time to come, and not farther than anybody means it. */
export function dueTime(written: string, now: number, farthestMs: number, field: string): Result<number> {
  const at = instantOf(written)!;
  if (at < now) return refuse('payload_invalid', '回拨时间不能早于现在', { field, clause: 'CB2' });
  if (at > now + farthestMs) return refuse('payload_invalid', '回拨时间太远', { field, clause: 'CB2' });
  return ok(at);
}
