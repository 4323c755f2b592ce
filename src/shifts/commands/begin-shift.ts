import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { RosterStore } from '../roster-store.js';
import { ShiftDesk } from '../shift-desk.js';

export class BeginShiftPayload {
  @IsUUID('all')
  shiftId!: string;

  /** Absent in clocks that were started before it was written down. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  userId?: string;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/**
 * The time to sign on for a shift has come for somebody who was there before it: wherever they sit, it is theirs, unless
 * another roster has come meanwhile, which then says for what they wait. [SH4]
 */
@Handles('beginShift')
export class BeginShift extends CommandHandler<BeginShiftPayload, { begun: boolean }> {
  readonly payload = BeginShiftPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly roster: RosterStore,
    private readonly desk: ShiftDesk,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle(
    { shiftId, userId, clockId }: BeginShiftPayload,
    context: CommandContext,
  ): Promise<Result<{ begun: boolean }>> {
    const { tx, now } = context;
    const whose = userId ?? (await this.roster.get(tx, shiftId))?.userId;
    const seat = whose === undefined ? undefined : await this.desk.withoutShift(context, whose);
    if (!(await this.clocks.ring(tx, clockId, now))) return ok({ begun: false });
    return ok({ begun: seat !== undefined && (await this.desk.beginOrWait(context, seat)) });
  }
}
