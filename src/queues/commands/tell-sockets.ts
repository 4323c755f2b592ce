import { IsBoolean, IsString, IsUUID, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { SeatChanges } from '../seat-changes.js';
import { SeatStore } from '../seat-store.js';
import { SocketStore } from '../socket-store.js';

export class TellSocketsPayload {
  @IsUUID('all')
  nodeId!: string;

  @IsString()
  @MaxLength(64)
  userId!: string;

  /** The node has a socket of the user's, of however many tabs. */
  @IsBoolean()
  connected!: boolean;

  /** It has none, and had one for a moment since it last said so. */
  @IsBoolean()
  wasThere!: boolean;
}

/**
 * A node says whether it holds a console of a user. Who has one nowhere any more is waited for, from now on, and one wait at
 * a time; who has one again is not. [QS8] The seat's lock brings two nodes' words into an order.
 */
@Handles('tellSockets')
export class TellSockets extends CommandHandler<TellSocketsPayload, { told: boolean }> {
  readonly payload = TellSocketsPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly changes: SeatChanges,
    private readonly seats: SeatStore,
    private readonly sockets: SocketStore,
  ) {
    super();
  }

  async handle(
    { nodeId, userId, connected, wasThere }: TellSocketsPayload,
    context: CommandContext,
  ): Promise<Result<{ told: boolean }>> {
    const { tx, now } = context;
    const seats = [];
    for (const { seatId } of await this.seats.ofUser(tx, userId)) seats.push((await this.seats.lock(tx, seatId))!);
    // [PS4] A node that was taken for dead first says that it lives: the others have freed its sockets.
    if (!(await this.sockets.isAlive(tx, nodeId))) return ok({ told: false });
    await this.sockets.set(tx, userId, nodeId, connected, now);
    const present = await this.sockets.anyOf(tx, userId);
    for (const seat of seats) {
      if (seat.userId !== userId || seat.presence === 'offline') continue;
      const waiting = present || wasThere ? await this.changes.endGrace(context, seat) : seat;
      if (!present && waiting.graceId === null) await this.changes.startGrace(context, waiting, now);
    }
    return ok({ told: true });
  }
}
