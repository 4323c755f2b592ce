import { IsString, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { ShiftDesk } from '../shift-desk.js';

export class AwaitShiftPayload {
  @IsString()
  @MaxLength(64)
  userId!: string;
}

/** Somebody works without a shift, perhaps because they came too early for it, or before the roster did. [SH4] */
@Handles('awaitShift')
export class AwaitShift extends CommandHandler<AwaitShiftPayload, object> {
  readonly payload = AwaitShiftPayload;
  readonly who = ['system'] as const;

  constructor(private readonly desk: ShiftDesk) {
    super();
  }

  async handle({ userId }: AwaitShiftPayload, context: CommandContext): Promise<Result<object>> {
    const seat = await this.desk.withoutShift(context, userId);
    if (seat) await this.desk.beginOrWait(context, seat);
    return ok({});
  }
}
