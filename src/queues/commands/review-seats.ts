import { IsString, MaxLength } from 'class-validator';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { queuesOf } from '../../domain/queue/queues-of.js';
import { ok, type Result } from '../../domain/result.js';
import { People } from '../../identity/people.js';
import { NOT_SIGNED_ON, SeatChanges } from '../seat-changes.js';
import { SeatStore } from '../seat-store.js';

export class ReviewSeatsPayload {
  @IsString()
  @MaxLength(64)
  userId!: string;
}

/** A user's rights or skills have changed: a seat keeps what its user may still serve [QS4], and is offered what they can [RT2]. */
@Handles('reviewSeats')
export class ReviewSeats extends CommandHandler<ReviewSeatsPayload, object> {
  readonly payload = ReviewSeatsPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly changes: SeatChanges,
    private readonly seats: SeatStore,
    private readonly people: People,
  ) {
    super();
  }

  async handle({ userId }: ReviewSeatsPayload, context: CommandContext): Promise<Result<object>> {
    for (const { seatId } of await this.seats.ofUser(context.tx, userId)) {
      const seat = await this.seats.lock(context.tx, seatId);
      if (!seat || seat.userId !== userId) continue;
      // Not sooner: while the lock was waited for they may have signed on here.
      const user = await this.people.actor(context.tx, userId);
      const queues = user?.seatId === seatId ? queuesOf(user.roles) : [];
      const why = { presence: 'rights_changed', items: 'rights_changed', leave: 'rights_changed' } as const;
      const to =
        queues.length > 0 || seat.presence === 'offline'
          ? { presence: seat.presence, queues }
          : { presence: 'offline' as const, queues, signedOn: NOT_SIGNED_ON };
      await this.changes.change(context, seat, to, why);
    }
    return ok({});
  }
}
