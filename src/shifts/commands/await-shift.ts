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

/** Somebody has begun to work without a shift, perhaps only too early for it. [SH4] */
@Handles('awaitShift')
export class AwaitShift extends CommandHandler<AwaitShiftPayload, object> {
  readonly payload = AwaitShiftPayload;
  readonly who = ['system'] as const;

  constructor(private readonly desk: ShiftDesk) {
    super();
  }

  async handle({ userId }: AwaitShiftPayload, context: CommandContext): Promise<Result<object>> {
    await this.desk.watchBeginning(context, userId);
    return ok({});
  }
}
