import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { CommandPayload } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { OrderBook } from '../../orders/order-book.js';
import { CallBook } from '../call-book.js';
import { ContactLog, EMERGENCY_LINES, type EmergencyLine } from '../contact-log.js';

export class TransferCallPayload implements CommandPayload<'transferCall'> {
  @IsOptional()
  @IsString({ message: '应为通话编号' })
  @MaxLength(128, { message: '应为通话编号' })
  callId?: string;

  @IsOptional()
  @IsString({ message: '应为工单编号' })
  @MaxLength(32, { message: '应为工单编号' })
  orderNo?: string;

  @IsIn(EMERGENCY_LINES, { message: `应为 ${EMERGENCY_LINES.join('、')} 之一` })
  to!: EmergencyLine;

  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxLength(500, { message: '不能超过 500 个字' })
  note?: string;
}

const NO_CALL = ok(null);

/** [CT8] What belongs to police, fire service, ambulance or traffic police was put through to them. */
@Handles('transferCall')
export class TransferCall extends CommandHandler<TransferCallPayload, { contactId: string }> {
  readonly payload = TransferCallPayload;
  readonly who = ['agent', 'dispatcher', 'follow_up_agent', 'shift_leader'] as const;

  constructor(
    private readonly book: CallBook,
    private readonly orders: OrderBook,
    private readonly contacts: ContactLog,
  ) {
    super();
  }

  async handle(payload: TransferCallPayload, context: CommandContext): Promise<Result<{ contactId: string }>> {
    const { callId, to } = payload;
    const orderNo = payload.orderNo ?? null;
    const call = callId ? await this.book.known(context, callId) : NO_CALL;
    if (!call.ok) return call;
    if (orderNo !== null && (await this.orders.seesRequester(context, orderNo)) === 'hidden') {
      return refuse('order_not_found', '没有这件工单，或您无权查看', { field: 'orderNo' });
    }
    const contact = {
      kind: 'transfer',
      callId: call.value?.callId ?? null,
      orderNo,
      to,
      note: payload.note ?? null,
    } as const;
    return ok({ contactId: await this.contacts.note(context, contact) });
  }
}
