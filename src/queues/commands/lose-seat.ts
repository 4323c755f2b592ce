import { IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { ok, type Result } from '../../domain/result.js';
import { HubNode } from '../hub-node.js';
import { SeatPolicy } from '../seat-policy.js';
import { SeatChanges } from '../seat-changes.js';
import { SeatLedger } from '../seat-ledger.js';
import { SeatStore } from '../seat-store.js';
import { SocketStore } from '../socket-store.js';

export class LoseSeatPayload {
  @IsString()
  @MaxLength(64)
  seatId!: string;

  @IsString()
  @MaxLength(96)
  graceId!: string;
}

/**
 * The grace of a seat without a socket is over: it is offline, and what it had goes back to the queue's head. [QS8]
 * While the hub was off nobody could come back, so a grace counts anew from the moment it serves.
 */
@Handles('loseSeat')
export class LoseSeat extends CommandHandler<LoseSeatPayload, { lost: boolean }> {
  readonly payload = LoseSeatPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly ledger: SeatLedger,
    private readonly changes: SeatChanges,
    private readonly seats: SeatStore,
    private readonly sockets: SocketStore,
    private readonly clocks: ClockLedger,
    private readonly policy: SeatPolicy,
    private readonly node: HubNode,
  ) {
    super();
  }

  async handle({ seatId, graceId }: LoseSeatPayload, context: CommandContext): Promise<Result<{ lost: boolean }>> {
    const { tx, now } = context;
    const seat = await this.seats.lock(tx, seatId);
    if (!(await this.clocks.ring(tx, graceId, now))) return ok({ lost: false });
    if (!seat || seat.graceId !== graceId) return ok({ lost: false });
    const serving = await this.node.hubServesSince(tx);
    if (now < serving + this.policy.graceMs) {
      await this.changes.startGrace(context, seat, serving);
      return ok({ lost: false });
    }
    // Somebody may have come back to another node, whose word is still on its way.
    if (await this.sockets.anyOf(tx, seat.userId)) {
      await this.changes.endGrace(context, seat);
      return ok({ lost: false });
    }
    await this.ledger.leave(context, seatId, 'seat_lost');
    return ok({ lost: true });
  }
}
