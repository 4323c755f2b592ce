import { Injectable } from '@nestjs/common';
import type { Presence, QueueId, SeatEventType } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import { givesUp, type Seat } from '../domain/queue/seat.js';
import { EventLog, type NewEvent } from '../event-log/event-log.js';
import { UserSkills } from '../identity/user-skills.js';
import { seatCard, seatRooms } from './cards.js';
import { type GivenUp, Handover } from './handover.js';
import { Listening } from './listening.js';
import { SeatPolicy } from './seat-policy.js';
import { SeatStore, type StoredSeat } from './seat-store.js';

/** Why somebody is no longer signed on at a seat. */
export type LeaveCause = 'signed_off' | 'shift_ended' | 'seat_lost' | 'taken_over' | 'moved' | 'rights_changed';
/** Why a presence is another one. */
export type PresenceCause = 'set' | 'signed_on' | 'wrap_up_over' | 'call' | 'listening_ended' | LeaveCause;

export type SignedOn = Pick<Seat, 'signedOnAt' | 'shiftId' | 'shiftEndsAt' | 'taken'>;
export const NOT_SIGNED_ON: SignedOn = { signedOnAt: null, shiftId: null, shiftEndsAt: null, taken: 0 };

/** How somebody sits at a seat from now on. Absent: as before. */
export interface Sitting {
  userId?: string;
  queues?: QueueId[];
  presence: Presence;
  /** While in training. */
  listensTo?: string | null;
  /** Beginning with this change, or `NOT_SIGNED_ON`. */
  signedOn?: SignedOn;
  /** When this presence has lasted long enough, ms UTC, and the command that is issued then. */
  limit?: { at: number; kind: 'WRAP_UP' | 'BREAK'; command: (clockId: string) => { name: string; payload: object } };
}

/**
 * One change of who sits at a seat and how: row, clocks and events together, with what that presence may not keep,
 * in the caller's transaction. Seats are locked before items, and several of them in the order of their ids.
 */
@Injectable()
export class SeatChanges {
  constructor(
    private readonly seats: SeatStore,
    private readonly handover: Handover,
    private readonly listening: Listening,
    private readonly log: EventLog,
    private readonly clocks: ClockLedger,
    private readonly policy: SeatPolicy,
    private readonly skills: UserSkills,
  ) {}

  /**
   * Nothing is told when nothing changes. [QS7] `handTo`: a seat, locked, that gets what was claimed here; what it may not
   * have, and what was only offered, goes to the head.
   */
  async change(
    context: CommandContext,
    found: StoredSeat,
    to: Sitting,
    why: { presence: PresenceCause; items: GivenUp; leave: LeaveCause },
    handTo?: StoredSeat,
  ): Promise<StoredSeat> {
    const { tx, now } = context;
    const userId = to.userId ?? found.userId;
    const queues = to.queues ?? found.queues;
    const takenOver = found.userId !== userId;
    const offline = to.presence === 'offline';
    const stays = to.listensTo === undefined && !takenOver ? found.listensTo : (to.listensTo ?? null);
    const listensTo = to.presence === 'training' ? stays : null;
    const before = await this.stopListening(context, found, listensTo);

    const lettingGo = takenOver ? 'everything' : givesUp(to.presence);
    const given = await this.handover.giveUp(context, before, {
      keeps: (item) =>
        (lettingGo === 'nothing' || (lettingGo === 'offers' && item.state === 'claimed')) &&
        queues.includes(item.queueId),
      cause: why.items,
      handTo,
    });
    if (takenOver || offline) await this.listening.endAt(context, before.seatId, 'seat_gone');

    const graceEnds = before.graceId !== null && (takenOver || offline);
    if (graceEnds) await this.clocks.stop(tx, before.graceId!, now);
    const moved = takenOver || found.presence !== to.presence;
    const told = moved || found.listensTo !== listensTo;
    const after: Seat = {
      ...before,
      userId,
      queues,
      presence: to.presence,
      held: before.held - given,
      presenceSince: moved ? now : before.presenceSince,
      idleSince: moved || given > 0 ? now : before.idleSince,
      listensTo,
      graceId: graceEnds ? null : before.graceId,
      ...(moved ? await this.restartLimit(context, before, to.limit) : {}),
      ...(to.signedOn ?? {}),
      // [RT2] Who sits down brings what they can, and none of the offers that another one let pass.
      skills: offline ? before.skills : await this.skills.of(tx, userId),
      ...(takenOver || to.signedOn ? { missedAt: null } : {}),
    };
    const saved = await this.save(context, before, after);
    await this.tell(context, found, saved, { ...why, told, session: to.signedOn !== undefined });
    if (saved.listensTo !== null && saved.listensTo !== before.listensTo) {
      await this.listening.started(context, saved, saved.listensTo);
    }
    return saved;
  }

  /** [RT2] What the seat's user can is not what it was. */
  async learn(context: CommandContext, seat: StoredSeat): Promise<void> {
    await this.save(context, seat, { ...seat, skills: await this.skills.of(context.tx, seat.userId) });
  }

  async extendShift(context: CommandContext, seat: StoredSeat, endsAt: number): Promise<void> {
    const after = await this.save(context, seat, { ...seat, shiftEndsAt: endsAt });
    const { seatId, userId, shiftId } = after;
    await this.append(context, [
      seatEvent('seat.shift_extended', after, context.now, { seatId, userId, shiftId, shiftEndsAt: endsAt }),
    ]);
  }

  /** Waits for a present seat's user from `from` on. [QS8] */
  async startGrace(context: CommandContext, seat: StoredSeat, from: number): Promise<StoredSeat> {
    const { tx, now, origin } = context;
    const graceId = `grace:${derivedId(origin.commandId, 'grace', seat.seatId)}`;
    await this.clocks.start(
      tx,
      {
        clockId: graceId,
        kind: 'GRACE',
        subject: `seat:${seat.seatId}`,
        dueAt: from + this.policy.graceMs,
        command: { name: 'loseSeat', payload: { seatId: seat.seatId, graceId } },
      },
      now,
    );
    return this.save(context, seat, { ...seat, graceId });
  }

  async endGrace(context: CommandContext, seat: StoredSeat): Promise<StoredSeat> {
    if (seat.graceId === null) return seat;
    await this.clocks.stop(context.tx, seat.graceId, context.now);
    return this.save(context, seat, { ...seat, graceId: null });
  }

  /** A listener that goes on to something else first leaves the room in which it listened. */
  private async stopListening(context: CommandContext, seat: StoredSeat, to: string | null): Promise<StoredSeat> {
    const { listensTo } = seat;
    if (listensTo === null || listensTo === to) return seat;
    const after = await this.save(context, seat, { ...seat, listensTo: null });
    await this.listening.ended(context, after, listensTo, 'presence');
    return after;
  }

  private async restartLimit(
    { tx, now, origin }: CommandContext,
    seat: StoredSeat,
    limit: Sitting['limit'],
  ): Promise<Pick<Seat, 'presenceUntil' | 'presenceClock'>> {
    if (seat.presenceClock !== null) await this.clocks.stop(tx, seat.presenceClock, now);
    if (!limit) return { presenceUntil: null, presenceClock: null };
    const clockId = `presence:${derivedId(origin.commandId, 'presence', seat.seatId)}`;
    const { at: dueAt, kind } = limit;
    const subject = `seat:${seat.seatId}`;
    await this.clocks.start(tx, { clockId, kind, subject, dueAt, command: limit.command(clockId) }, now);
    return { presenceUntil: dueAt, presenceClock: clockId };
  }

  private async tell(
    context: CommandContext,
    before: Seat,
    after: Seat,
    why: { presence: PresenceCause; leave: LeaveCause; told: boolean; session: boolean },
  ): Promise<void> {
    const { now } = context;
    const { seatId } = after;
    const changed = seatEvent('seat.presence_changed', after, now, { ...seatCard(after), cause: why.presence });
    const ended = seatEvent('seat.shift_ended', after, now, {
      ...{ seatId, userId: before.userId, shiftId: before.shiftId, signedOnAt: before.signedOnAt, cause: why.leave },
      ...(after.userId === before.userId ? {} : { by: after.userId }),
    });
    const started = seatEvent('seat.shift_started', after, now, {
      ...{ seatId, userId: after.userId, shiftId: after.shiftId, shiftEndsAt: after.shiftEndsAt },
    });
    const ends = why.session && before.signedOnAt !== null;
    const starts = why.session && after.signedOnAt !== null;
    await this.append(context, [
      // Who goes is told so last, who is pushed aside first.
      ...(ends && starts ? [ended] : []),
      ...(starts ? [started] : []),
      ...(why.told ? [changed] : []),
      ...(ends && !starts ? [ended] : []),
    ]);
  }

  private append({ tx, origin }: CommandContext, events: NewEvent[]): Promise<string[]> {
    return this.log.append(tx, origin, events);
  }

  private async save({ tx }: CommandContext, from: StoredSeat, to: Seat): Promise<StoredSeat> {
    if (!(await this.seats.change(tx, from, to))) throw new Error(`${from.seatId} was changed by somebody else`);
    return { ...to, revision: from.revision + 1 };
  }
}

function seatEvent(type: SeatEventType, seat: Seat, at: number, data: Record<string, unknown>): NewEvent {
  return {
    subject: `seat:${seat.seatId}`,
    type,
    at,
    version: null,
    data,
    card: seatCard(seat),
    rooms: seatRooms(seat),
  };
}
