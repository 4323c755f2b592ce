import { IsIn, IsString, Matches, ValidateIf } from 'class-validator';
import type { TelephoneEvent, TelephoneEventAnswer } from '@minqing-hub/client-sdk/protocol';
import { canonicalJson } from '../../commands/canonical-json.js';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Instant } from '../../commands/payload-fields.js';
import { KeyedDigest } from '../../commands/keyed-digest.js';
import { instantOf } from '../../domain/calendar/instant.js';
import { phoneText } from '../../domain/intake/digest-texts.js';
import { PLAIN_CODE } from '../../domain/plain-code.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { MOST_FACTS } from '../../domain/telephony/call.js';
import { CallDesk } from '../call-desk.js';
import { CallIds } from '../call-ids.js';
import { CallPolicy } from '../call-policy.js';
import { CallStore } from '../call-store.js';

const TYPES: readonly TelephoneEvent['type'][] = ['offered', 'answered', 'abandoned', 'hung_up'];

const NAME = /^[^\s\p{C}](?:[^\p{C}]{0,126}[^\s\p{C}])?$/u;

const Given = () => ValidateIf((_event, value) => value !== undefined && value !== null);
export class TelephoneEventPayload implements TelephoneEvent {
  @IsString({ message: '应为文字' })
  @Matches(NAME, { message: '事件编号应为1到128个字，首尾不能是空白' })
  eventId!: string;

  @IsIn(TYPES, { message: `应为 ${TYPES.join('、')} 之一` })
  type!: TelephoneEvent['type'];

  @IsString({ message: '应为文字' })
  @Matches(NAME, { message: '通话编号应为1到128个字，首尾不能是空白' })
  callId!: string;

  @Instant()
  at!: string;

  /** A call can be answered only somewhere. */
  @ValidateIf(({ type, seatId }: TelephoneEventPayload) => type === 'answered' || (seatId ?? null) !== null)
  @IsString({ message: '应为座席编号；接起的通话必须写明座席' })
  @Matches(/^[A-Za-z0-9-]{1,32}$/, { message: '座席编号应为1到32个字母、数字或连字符' })
  @Matches(PLAIN_CODE, { message: '座席编号不能是电话等号码' })
  seatId?: string;

  @Given()
  @IsString({ message: '应为文字' })
  @Matches(/^\+?(?=(?:.*\d){2})[\d\s()（）-]{2,31}$/, {
    message: '来电号码应由2到31个数字、空格、括号或连字符组成，可以 + 开头；没有号码时不要填写',
  })
  caller?: string;

  @Given()
  @IsString({ message: '应为文字' })
  @Matches(/^[A-Za-z0-9+*#_.-]{1,32}$/, { message: '被叫线路应为1到32个字母、数字或 + * # _ . -' })
  line?: string;
}

/** One fact of a call, from a switch: taken once, whenever it comes. [CT1] [CT2] */
@Handles('takeTelephoneEvent')
export class TakeTelephoneEvent extends CommandHandler<TelephoneEventPayload, TelephoneEventAnswer> {
  readonly payload = TelephoneEventPayload;
  readonly who = ['channel_adapter'] as const;
  /** [DG6] A switch may name an event after whoever called: its own name of it is answered, and not kept. */
  override readonly personalAnswer = true;

  constructor(
    private readonly desk: CallDesk,
    private readonly calls: CallStore,
    private readonly ids: CallIds,
    private readonly digest: KeyedDigest,
    private readonly policy: CallPolicy,
  ) {
    super();
  }

  async handle(event: TelephoneEventPayload, context: CommandContext): Promise<Result<TelephoneEventAnswer>> {
    const { tx, actor, now } = context;
    const { source } = actor;
    if (source === undefined) return refuse('forbidden', '只有来源系统可以报送话务事件');
    const at = instantOf(event.at)!;
    if (at > now + this.policy.skewMs) return refuse('time_in_future', '时间不能晚于现在', { field: 'at' });

    const callId = this.ids.call(event.callId);
    const call = await this.calls.begin(tx, callId, source);
    if (call.source !== source) {
      return refuse('call_content_differs', '这个通话编号已由另一来源系统使用', { field: 'callId', clause: 'CT1' });
    }
    const { type, seatId = null, line = null } = event;
    const caller = event.caller ? this.callerDigest(event.caller) : null;
    const told = { type, at, seatId, caller, line };
    const contentHash = this.digest.of('content', canonicalJson({ callId, ...told }));
    const key = this.ids.fact(source, event.eventId);
    const fact = { key, callId, ...told, contentHash, recordedAt: now };
    const taken = await this.desk.take(context, call, fact, MOST_FACTS);
    if ('known' in taken) {
      return taken.known === contentHash
        ? ok({ eventId: event.eventId, callId, duplicate: true, presence: null })
        : refuse('call_content_differs', '这个事件编号已用于另一内容', { field: 'eventId', clause: 'CT1' });
    }
    if ('full' in taken) {
      return refuse('payload_invalid', `一通电话最多 ${MOST_FACTS} 个事件`, { field: 'callId', clause: 'CT1' });
    }
    if (caller !== null) await this.calls.keepCaller(tx, callId, caller, event.caller!.trim());
    return ok({ eventId: event.eventId, callId, duplicate: false, presence: taken.presence });
  }

  private callerDigest(written: string): string {
    const { purpose, text } = phoneText(written);
    return this.digest.of(purpose, text);
  }
}
