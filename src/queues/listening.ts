import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import type { Seat } from '../domain/queue/seat.js';
import { EventLog } from '../event-log/event-log.js';
import { seatCard, seatRooms } from './cards.js';
import { SeatStore, type StoredSeat } from './seat-store.js';

/** Why a second listener no longer listens; `confidential`: work has come that is not theirs to see. */
export type ListeningEnded = 'presence' | 'seat_gone' | 'confidential';

/**
 * Second listeners: a seat in training may follow another one's room. [PS6] Who listens to a seat are the readers of its
 * room beside its own: they are told in the log, so that they come in and go out in their place. [I6]
 */
@Injectable()
export class Listening {
  constructor(
    private readonly seats: SeatStore,
    private readonly log: EventLog,
  ) {}

  /** The listener's row says so already. */
  async started(context: CommandContext, listener: Seat, seatId: string): Promise<void> {
    await this.tell(context, 'seat.listening_started', seatId, listener, {});
  }

  /** The listener's row says so already. */
  async ended(context: CommandContext, listener: Seat, seatId: string, cause: ListeningEnded): Promise<void> {
    await this.tell(context, 'seat.listening_ended', seatId, listener, { cause });
  }

  /** Nobody listens to this seat any more; who did stays in training. */
  async endAt(context: CommandContext, seatId: string, cause: ListeningEnded): Promise<void> {
    const { tx, now, origin } = context;
    for (const found of await this.seats.listeningTo(tx, seatId)) {
      const listener = await this.seats.lock(tx, found.seatId);
      if (listener?.listensTo !== seatId) continue;
      const after: StoredSeat = { ...listener, listensTo: null };
      if (!(await this.seats.change(tx, listener, after)))
        throw new Error(`${listener.seatId} was changed by somebody`);
      await this.ended(context, after, seatId, cause);
      await this.log.append(tx, origin, [
        {
          subject: `seat:${after.seatId}`,
          type: 'seat.presence_changed',
          at: now,
          version: null,
          data: { ...seatCard(after), cause: 'listening_ended' },
          card: seatCard(after),
          rooms: seatRooms(after),
        },
      ]);
    }
  }

  /** To the seat that is listened to, whose room has other readers from here on. */
  private async tell(
    { tx, now, origin }: CommandContext,
    type: 'seat.listening_started' | 'seat.listening_ended',
    seatId: string,
    listener: Seat,
    facts: { cause?: ListeningEnded },
  ): Promise<void> {
    const listeners = await this.seats.listeningTo(tx, seatId);
    await this.log.append(tx, origin, [
      {
        subject: `seat:${seatId}`,
        type,
        at: now,
        version: null,
        data: { seatId, listenerSeatId: listener.seatId, userId: listener.userId, ...facts },
        card: null,
        rooms: seatRooms({ seatId }),
        readers: { unitIds: [], visibility: 'internal', userIds: listeners.map(({ userId }) => userId) },
      },
    ]);
  }
}
