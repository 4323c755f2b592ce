import { IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { SeatLedger } from '../seat-ledger.js';
import { SeatStore } from '../seat-store.js';

export class EndWrapUpPayload {
  @IsString()
  @MaxLength(64)
  seatId!: string;

  @IsString()
  @MaxLength(96)
  clockId!: string;
}

/** The time to wrap up is over: the seat is ready again. [PS3] */
@Handles('endWrapUp')
export class EndWrapUp extends CommandHandler<EndWrapUpPayload, { ended: boolean }> {
  readonly payload = EndWrapUpPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly ledger: SeatLedger,
    private readonly seats: SeatStore,
    private readonly clocks: ClockLedger,
  ) {
    super();
  }

  async handle({ seatId, clockId }: EndWrapUpPayload, context: CommandContext): Promise<Result<{ ended: boolean }>> {
    const seat = await this.seats.lock(context.tx, seatId);
    if (!(await this.clocks.ring(context.tx, clockId, context.now))) return ok({ ended: false });
    if (seat?.presenceClock !== clockId) return ok({ ended: false });
    const ended = await this.ledger.setPresence(context, seatId, 'ready', { cause: 'wrap_up_over' });
    return ended.ok ? ok({ ended: true }) : ended;
  }
}
