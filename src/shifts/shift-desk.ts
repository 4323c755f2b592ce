import { Injectable } from '@nestjs/common';
import type { Role } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import { nextSeat } from '../domain/shift/next-seat.js';
import { endOf, shiftNow } from '../domain/shift/rostered-shift.js';
import { People } from '../identity/people.js';
import { type LeaveCause, SeatLedger, type SeatNow } from '../queues/seat-ledger.js';
import { RosterStore, type StoredShift } from './roster-store.js';
import { ShiftPolicy } from './shift-policy.js';

/** More shifts than one person has that are over and still looked at. */
const MOST = 50;

/**
 * What commands about shifts have in common: which shift it is, its end, and who goes on with the work. Locks are taken seat
 * first, rostered shift second, everywhere.
 */
@Injectable()
export class ShiftDesk {
  constructor(
    private readonly roster: RosterStore,
    private readonly seats: SeatLedger,
    private readonly clocks: ClockLedger,
    private readonly people: People,
    private readonly policy: ShiftPolicy,
  ) {}

  /** The shift for which somebody may sign on now. [SH4] */
  async shiftNow({ tx, now }: CommandContext, userId: string): Promise<StoredShift | undefined> {
    const shifts = await this.roster.ofUser(tx, userId, now, MOST);
    const found = shiftNow(shifts, now, this.policy.earlyMs);
    return shifts.find(({ shiftId }) => shiftId === found?.shiftId);
  }

  /** The seat, locked, of somebody who works without a shift; `undefined`: they are not there, or have one. */
  async withoutShift(context: CommandContext, userId: string): Promise<SeatNow | undefined> {
    const at = await this.seats.seatOfUser(context, userId);
    const seat = at && (await this.seats.seat(context, at.seatId));
    const waits = seat?.userId === userId && seat.presence !== 'offline' && seat.shiftId === null;
    return waits ? seat : undefined;
  }

  /**
   * Somebody works without a shift: the one that the roster gives them by now is theirs, wherever they sit, and the next one
   * when the time to sign on for it has come. True when they have one now. [SH4]
   */
  async beginOrWait(context: CommandContext, seat: SeatNow): Promise<boolean> {
    const shift = await this.shiftNow(context, seat.userId);
    const user = shift && (await this.people.actor(context.tx, seat.userId));
    if (shift && user) await this.goOn(context, seat, user.roles, shift);
    else await this.watchBeginning(context, seat.userId);
    return shift !== undefined && user !== undefined;
  }

  /** The shift that somebody works, which ends somewhere else than the roster says if they stay on. */
  async shiftOf({ tx }: CommandContext, seat: Pick<SeatNow, 'shiftId'>): Promise<StoredShift | undefined> {
    return seat.shiftId === null ? undefined : this.roster.lock(tx, seat.shiftId);
  }

  /** Sees to it that the shift's end is noticed, once for each end that it was given. [SH7] */
  async watchEnd(context: CommandContext, shift: StoredShift, change: Partial<StoredShift> = {}): Promise<void> {
    const { now } = context;
    const endsAt = endOf({ ...shift, ...change });
    const isNew = shift.clockAt !== endsAt;
    await this.save(context, shift, { ...change, clockAt: endsAt });
    if (!isNew) return;
    await this.startClock(context, `shift-end:${shift.shiftId}:${endsAt}`, shift.shiftId, endsAt, endsAt, now);
  }

  /** The time that somebody in a call is given beyond the end. */
  async grant(context: CommandContext, shiftId: string, endsAt: number): Promise<void> {
    const dueAt = context.now + this.policy.graceMs;
    await this.startClock(context, `shift-grace:${shiftId}:${endsAt}`, shiftId, endsAt, dueAt, context.now);
  }

  /** Somebody goes home; what they have claimed goes on where the roster says. [SH7] [SH8] */
  async goHome(context: CommandContext, seat: SeatNow, cause: LeaveCause): Promise<void> {
    await this.seats.leave(context, seat.seatId, cause, await this.successor(context, seat));
  }

  /** Somebody who is signed on goes on where they sit, as they are, with another shift. */
  goOn(context: CommandContext, seat: SeatNow, roles: readonly Role[], shift: StoredShift): Promise<SeatNow> {
    const { seatId, userId, presence } = seat;
    if (presence === 'offline') throw new Error(`nobody is signed on at ${seatId}`);
    const { shiftId } = shift;
    return this.seats.sitDown(context, { seatId, userId, roles, shift: { shiftId, endsAt: endOf(shift) }, presence });
  }

  async save({ tx }: CommandContext, shift: StoredShift, change: Partial<StoredShift>): Promise<void> {
    if (!(await this.roster.change(tx, shift, { ...shift, ...change }))) {
      throw new Error(`the shift ${shift.shiftId} was changed by somebody else`);
    }
  }

  private async successor(context: CommandContext, seat: SeatNow): Promise<string | undefined> {
    const { tx, now } = context;
    const { handover, earlyMs, mostHandedOver: most } = this.policy;
    const rule = { now, earlyMs, most };
    if (handover === 'head' || seat.held === 0 || seat.shiftId === null) return undefined;
    const shift = await this.roster.get(tx, seat.shiftId);
    if (!shift) return undefined;
    const [ending, soon] = [{ shift, seat }, now + earlyMs + 1];
    // The next at this seat first, by index: at a change of shifts hundreds ask at once.
    const atSeat = await this.roster.ofSeat(tx, seat.seatId, now, soon);
    const theirs: SeatNow[] = [];
    for (const { userId } of atSeat) {
      const there = await this.seats.seatOfUser(context, userId);
      if (there) theirs.push(there);
    }
    return (
      nextSeat(ending, atSeat, theirs, rule) ??
      nextSeat(ending, await this.roster.between(tx, now, soon), await this.seats.signedOn(context), rule)
    );
  }

  /** Under the seat's lock: one clock for a shift and its beginning, however many rosters come meanwhile. [SH4] */
  private async watchBeginning({ tx, now }: CommandContext, userId: string): Promise<void> {
    const { earlyMs } = this.policy;
    const next = (await this.roster.ofUser(tx, userId, now, MOST)).find(({ startsAt }) => now < startsAt - earlyMs);
    if (!next) return;
    const { shiftId, startsAt } = next;
    const dueAt = startsAt - earlyMs;
    const clockId = `shift-begin:${shiftId}:${dueAt}`;
    if (await this.clocks.isKnown(tx, clockId)) return;
    // Whose it is, because another roster may take it out: they go on waiting for the one after it.
    const command = { name: 'beginShift', payload: { shiftId, userId, clockId } };
    await this.clocks.start(tx, { clockId, kind: 'SHIFT', subject: `shift:${shiftId}`, dueAt, command }, now);
  }

  private startClock(
    { tx }: CommandContext,
    clockId: string,
    shiftId: string,
    endsAt: number,
    dueAt: number,
    now: number,
  ): Promise<void> {
    const command = { name: 'endShift', payload: { shiftId, endsAt, clockId } };
    return this.clocks.start(tx, { clockId, kind: 'SHIFT', subject: `shift:${shiftId}`, dueAt, command }, now);
  }
}
