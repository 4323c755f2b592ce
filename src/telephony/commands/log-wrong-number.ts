import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { CommandPayload } from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { CallBook } from '../call-book.js';
import { ContactLog } from '../contact-log.js';

export class LogWrongNumberPayload implements CommandPayload<'logWrongNumber'> {
  @IsOptional()
  @IsString({ message: '应为通话编号' })
  @MaxLength(128, { message: '应为通话编号' })
  callId?: string;

  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxLength(500, { message: '不能超过 500 个字' })
  note?: string;
}

const NO_CALL = ok(null);

/** [CT8] Somebody wanted somebody else: written down, so that it is counted and nobody looks for its order. */
@Handles('logWrongNumber')
export class LogWrongNumber extends CommandHandler<LogWrongNumberPayload, { contactId: string }> {
  readonly payload = LogWrongNumberPayload;
  readonly who = ['agent', 'dispatcher', 'follow_up_agent', 'shift_leader'] as const;

  constructor(
    private readonly book: CallBook,
    private readonly contacts: ContactLog,
  ) {
    super();
  }

  async handle(
    { callId, note }: LogWrongNumberPayload,
    context: CommandContext,
  ): Promise<Result<{ contactId: string }>> {
    const call = callId ? await this.book.known(context, callId) : NO_CALL;
    if (!call.ok) return call;
    const contact = {
      kind: 'wrong_number',
      callId: call.value?.callId ?? null,
      orderNo: null,
      note: note ?? null,
    } as const;
    return ok({ contactId: await this.contacts.note(context, contact) });
  }
}
