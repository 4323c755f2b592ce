import type { CommandResult, RequestLabels, Role } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../commands/command-handler.js';
import { Handles } from '../commands/handles.js';
import { Policy } from '../config/policy.js';
import { Randomness } from '../config/randomness.js';
import { SkillPlan } from '../config/skill-plan.js';
import { instantOf } from '../domain/calendar/instant.js';
import { NO_LABELS } from '../domain/intake/codes.js';
import { receiptCode, seriesOf } from '../domain/intake/numbering.js';
import { isPhoneNumber } from '../domain/intake/phone-number.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { ListBook } from '../lists/list-book.js';
import { OrderBook } from '../orders/order-book.js';
import { CallBook, type StoredCall } from '../telephony/call-book.js';
import { Channels } from './channels.js';
import { NumberSeries } from './number-series.js';
import { PersonalDigest } from './personal-digest.js';
import { RegisterPayload, SEAT } from './register-payload.js';
import { RequestStore } from './request-store.js';
import { type KnownKey, type SourceKey, SourceKeys } from './source-keys.js';

export const MAY_REGISTER: readonly Role[] = [
  'agent',
  'shift_leader',
  'channel_adapter',
  'grid_worker',
  'village_worker',
];

type Receipt = CommandResult<'register'>;
type Said = RegisterPayload & { channel: string };

const NO_CALL = ok(null);

/**
 * T1: a request comes in and its order begins, in one transaction. Sent again by its source it gets the same
 * numbers, and nothing is written [IN19]; with other content it is refused.
 */
@Handles('register')
export class Register extends CommandHandler<RegisterPayload, Receipt> {
  readonly payload = RegisterPayload;
  readonly who = MAY_REGISTER;

  constructor(
    private readonly sourceKeys: SourceKeys,
    private readonly digest: PersonalDigest,
    private readonly numbers: NumberSeries,
    private readonly requests: RequestStore,
    private readonly channels: Channels,
    private readonly lists: ListBook,
    private readonly orders: OrderBook,
    private readonly callBook: CallBook,
    private readonly randomness: Randomness,
    private readonly policy: Policy,
    private readonly skillPlan: SkillPlan,
  ) {
    super();
  }

  async handle(payload: RegisterPayload, context: CommandContext): Promise<Result<Receipt>> {
    const { tx, actor, origin } = context;
    if (actor.source !== undefined && payload.source !== actor.source) {
      return refuse('forbidden', '接口密钥只能登记本来源系统的诉求', { field: 'source' });
    }
    const key: SourceKey = {
      source: payload.source ?? SEAT,
      // A command id is unique for its actor only [I7].
      sourceId: payload.sourceId ?? `${actor.userId}:${origin.commandId}`,
      contentHash: this.digest.content(payload),
    };
    const known = await this.sourceKeys.claim(tx, key);
    if (known) return this.again(context, key, known);

    const call = payload.callId ? await this.callBook.inHand(context, payload.callId) : NO_CALL;
    if (!call.ok) return call;
    const said = call.value ? await this.withCaller(payload, call.value, context) : payload;
    const channel = said.channel ?? this.channels.ofLine(call.value?.line ?? null);
    const faults =
      this.timeFault(said, context.now) ??
      this.channelFault(channel) ??
      this.dialectFault(said) ??
      (await this.listFault(said, context));
    if (faults) return faults;
    const begun = await this.begin({ ...said, channel }, key, context);
    if (begun.ok && call.value) await this.callBook.becameOrder(tx, call.value, begun.value.orderNo);
    return begun;
  }

  /** [CT5] The number that called is the requester's, unless somebody typed another. */
  private async withCaller(
    payload: RegisterPayload,
    call: StoredCall,
    { tx }: CommandContext,
  ): Promise<RegisterPayload> {
    if (payload.requester?.phone) return payload;
    const phone = await this.callBook.phone(tx, call);
    return phone !== null && isPhoneNumber(phone)
      ? { ...payload, requester: { ...payload.requester, phone } }
      : payload;
  }

  private async again({ tx }: CommandContext, key: SourceKey, known: KnownKey): Promise<Result<Receipt>> {
    if (known.contentHash !== key.contentHash) {
      return refuse('source_content_differs', '该来源编号已登记过另一内容的诉求', {
        field: 'sourceId',
        clause: 'IN19',
      });
    }
    const { orderNo, receiptCode } = (await this.requests.receipt(tx, known.requestNo))!;
    const version = await this.orders.version(tx, orderNo);
    return ok({ requestNo: known.requestNo, orderNo, receiptCode, duplicate: true, version });
  }

  private async begin(payload: Said, key: SourceKey, context: CommandContext): Promise<Result<Receipt>> {
    const { tx, actor, now } = context;
    // Read now, not while others wait for a number.
    await this.lists.versions(tx, now);
    const [requestNo, orderNo] = (await this.numbers.next(tx, seriesOf('SQ', now), seriesOf('GD', now))) as [
      string,
      string,
    ];
    const labels: RequestLabels = { ...NO_LABELS, ...given(payload.labels ?? {}) };
    const areaCode = payload.place?.areaCode ?? null;
    const request = {
      requestNo,
      orderNo,
      receiptCode: receiptCode((limit) => this.randomness.below(limit)),
      source: key.source,
      sourceId: key.sourceId,
      channel: payload.channel,
      title: payload.title,
      text: payload.text,
      labels,
      occurredAt: timeOf(payload.occurredAt),
      collectedAt: timeOf(payload.collectedAt),
      registeredAt: now,
      registeredBy: actor.userId,
      areaCode,
    };
    const { requester, filedBy, place } = payload;
    await this.sourceKeys.settle(tx, key, requestNo);
    await this.requests.insert(tx, request, { requester, filedBy, place });

    const opened = await this.orders.open(payload.source === undefined ? context : notAtSeat(context), {
      orderNo,
      requestNo,
      channel: payload.channel,
      kind: payload.kind ?? null,
      grade: payload.grade ?? 'normal',
      responseLevel: payload.responseLevel ?? 'routine',
      route: payload.route ?? 'simple',
      visibility: payload.visibility ?? 'internal',
      labels,
      catalogCode: payload.catalogCode ?? null,
      areaCode,
      hasPlace: areaCode !== null || Boolean(place?.address) || typeof place?.lat === 'number',
      hasContact: Boolean(requester?.phone ?? filedBy),
      hasText: true,
      ...(payload.dialect ? { dialect: payload.dialect } : {}),
    });
    if (!opened.ok) return opened;
    return ok({
      requestNo,
      orderNo,
      receiptCode: request.receiptCode,
      duplicate: false,
      version: opened.value.version,
    });
  }

  private timeFault(payload: RegisterPayload, now: number): Result<never> | undefined {
    const latest = now + this.policy.number('intake.clockSkewSeconds') * 1000;
    for (const field of ['occurredAt', 'collectedAt'] as const) {
      if ((timeOf(payload[field]) ?? 0) > latest) return refuse('time_in_future', '时间不能晚于现在', { field });
    }
    return undefined;
  }

  private channelFault(channel: string): Result<never> | undefined {
    return this.channels.has(channel)
      ? undefined
      : refuse('payload_invalid', '没有这个渠道', { field: 'channel', clause: 'IN2' });
  }

  private dialectFault({ dialect }: RegisterPayload): Result<never> | undefined {
    return !dialect || this.skillPlan.has(`dialect:${dialect}`)
      ? undefined
      : refuse('payload_invalid', '没有这种方言或语言', { field: 'dialect', clause: 'RT1' });
  }

  private async listFault(payload: RegisterPayload, { tx, now }: CommandContext): Promise<Result<never> | undefined> {
    const { catalogCode, place } = payload;
    if (catalogCode && !(await this.lists.catalogueItem(tx, now, catalogCode))?.active) {
      return refuse('catalogue_code_unknown', '目录清单中没有这个事项编码', { field: 'catalogCode', clause: 'LI1' });
    }
    if (place?.areaCode && !(await this.lists.units(tx, now)).ofArea(place.areaCode)?.active) {
      return refuse('area_unknown', '单位清单中没有这个区域编码', { field: 'place.areaCode', clause: 'IN17' });
    }
    return undefined;
  }
}

/** What a source sends is no call that the seat of who sends it has in hand: it waits for any seat [QS9]. */
function notAtSeat(context: CommandContext): CommandContext {
  const { seatId: _seatId, ...actor } = context.actor;
  return { ...context, actor };
}

const timeOf = (text: string | null | undefined): number | null => (text ? (instantOf(text) ?? null) : null);

const given = (labels: Partial<RequestLabels>): Partial<RequestLabels> =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null && value !== undefined));
