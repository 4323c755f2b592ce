import { Injectable } from '@nestjs/common';
import type { Presence, Role } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { decidePresence } from '../domain/queue/presence-moves.js';
import { queuesOf } from '../domain/queue/queues-of.js';
import { newSeat, type Seat } from '../domain/queue/seat.js';
import { ok, refuse, type Result } from '../domain/result.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { ItemStore } from './item-store.js';
import { SeatPolicy } from './seat-policy.js';
import { type LeaveCause, NOT_SIGNED_ON, type PresenceCause, SeatChanges, type Sitting } from './seat-changes.js';
import { SeatStore, type StoredSeat } from './seat-store.js';
import { SocketStore } from './socket-store.js';

export type { LeaveCause, PresenceCause };

/** A seat as it is in this transaction. */
export interface SeatNow extends Omit<StoredSeat, 'revision' | 'graceId' | 'presenceClock'> {
  /** Some console of its user is connected, to whatever node. */
  connected: boolean;
}

export interface RosteredShift {
  shiftId: string;
  /** ms UTC. */
  endsAt: number;
}

/** What a roster has to say when somebody sits down or rests. Without one everybody sits at the own seat, without limit. */
export interface ShiftRules {
  /** The shift that is the user's now, when they just begin to work; `null`: none. Refused when nobody works without one. */
  shiftNow(context: CommandContext, userId: string): Promise<Result<RosteredShift | null>>;
  /**
   * When a break that begins now has lasted too long, and the command that is issued then; `null`: no limit.
   * Refused when there may be none.
   */
  breakLimit(context: CommandContext, seat: SeatNow): Promise<Result<Sitting['limit'] | null>>;
}

/**
 * Who sits where, and how: what commands of other features do to seats, inside their own transaction. Signed on means
 * present: an offline seat has nobody at it, nothing in hand and no shift. [PS2]
 */
@Injectable()
export class SeatLedger {
  private rules: ShiftRules | undefined;

  constructor(
    private readonly seats: SeatStore,
    private readonly sockets: SocketStore,
    private readonly items: ItemStore,
    private readonly changes: SeatChanges,
    private readonly policy: SeatPolicy,
  ) {}

  /** Called once, by the feature that keeps the roster. */
  follow(rules: ShiftRules): void {
    this.rules = rules;
  }

  /** Where the user is signed on; `undefined`: nowhere. */
  async seatOfUser(context: CommandContext, userId: string): Promise<SeatNow | undefined> {
    const seat = (await this.seats.ofUser(context.tx, userId)).find(({ presence }) => presence !== 'offline');
    return seat && this.now(context, seat);
  }

  /** Who sits there, or did last; `undefined`: nobody ever did. */
  async seat(context: CommandContext, seatId: string): Promise<SeatNow | undefined> {
    const seat = await this.seats.lock(context.tx, seatId);
    return seat && this.now(context, seat);
  }

  /**
   * Somebody begins to work at a seat. It takes over without asking: whoever sat there has left, and what they had goes
   * back to its queue; where the newcomer sat before is left, and what they had claimed there comes along. Whether that is
   * wanted is asked before. Under the lock of `Seating`, unless they sit there already and only go on. [PS5]
   */
  async sitDown(
    context: CommandContext,
    who: {
      seatId: string;
      userId: string;
      roles: readonly Role[];
      shift: RosteredShift | null;
      /** `busy` unless they say otherwise: nothing is offered to who has not asked for it. */
      presence?: Exclude<Presence, 'offline'>;
      cause?: PresenceCause;
    },
  ): Promise<SeatNow> {
    const { seatId, userId, shift, presence = 'busy', cause = 'signed_on' } = who;
    const { now } = context;
    const queues = queuesOf(who.roles);
    const here = newSeat(seatId, userId, queues, now);
    const elsewhere = await this.elsewhere(context, userId, seatId);
    const locked = await this.lockAll(context, [seatId, ...elsewhere], here);
    const seat = locked.get(seatId)!;
    const before = elsewhere[0] === undefined ? seat : locked.get(elsewhere[0])!;
    // Who goes on with the same shift has been signed on since it began, wherever they sat.
    const goesOn =
      before.userId === userId && before.signedOnAt !== null && before.shiftId === (shift?.shiftId ?? null);
    await this.changes.change(
      context,
      seat,
      {
        ...{ userId, queues, presence },
        signedOn: {
          signedOnAt: goesOn ? before.signedOnAt : now,
          shiftId: shift?.shiftId ?? null,
          shiftEndsAt: shift?.endsAt ?? null,
          taken: goesOn ? before.taken : 0,
        },
      },
      { presence: cause, items: 'taken_over', leave: seat.userId === userId ? 'signed_off' : 'taken_over' },
    );
    for (const left of elsewhere) await this.leave(context, left, 'moved', seatId);
    return this.now(context, (await this.seats.lock(context.tx, seatId))!);
  }

  /** The end of the shift that is worked there, or of the time stayed on. */
  async extendShift(context: CommandContext, seatId: string, endsAt: number): Promise<void> {
    const seat = await this.seats.lock(context.tx, seatId);
    if (seat && seat.presence !== 'offline') await this.changes.extendShift(context, seat, endsAt);
  }

  /**
   * Nobody sits there any more. What was claimed there goes on at `handTo`, if somebody is signed on there and serves its
   * queue [PS8]; all else goes to the head of its queue. Nothing happens when nobody did.
   */
  async leave(context: CommandContext, seatId: string, cause: LeaveCause, handTo?: string): Promise<void> {
    const ids = handTo === undefined || handTo === seatId ? [seatId] : [seatId, handTo];
    const locked = await this.lockAll(context, ids);
    const seat = locked.get(seatId);
    if (!seat || seat.presence === 'offline') return;
    const items = cause === 'moved' ? 'taken_over' : cause;
    await this.changes.change(
      context,
      seat,
      { presence: 'offline', signedOn: NOT_SIGNED_ON },
      { presence: cause, items, leave: cause },
      handTo === seatId ? undefined : locked.get(handTo ?? ''),
    );
  }

  /** [PS1] [PS3] Of a seat where somebody is signed on; `offline` signs off. */
  async setPresence(
    context: CommandContext,
    seatId: string,
    presence: Presence,
    { cause = 'set', listenTo }: { cause?: PresenceCause; listenTo?: string } = {},
  ): Promise<Result<SeatNow>> {
    const locked = await this.lockAll(context, listenTo === undefined ? [seatId] : [seatId, listenTo]);
    const seat = locked.get(seatId);
    if (!seat || seat.presence === 'offline') return refuse('not_signed_on', '这个坐席没有人签到', { clause: 'PS2' });
    const allowed = decidePresence(seat.presence, presence);
    if (!allowed.ok) return allowed;
    const other = listenTo === undefined ? undefined : locked.get(listenTo);
    if (listenTo !== undefined) {
      const listening = await this.mayListen(context, seatId, presence, other);
      if (!listening.ok) return listening;
    }
    const limit = await this.limit(context, seat, presence);
    if (!limit.ok) return limit;
    // Written, not only locked: of several database servers each keeps its locks to itself, and what is offered there at
    // another one must meet this. [PS7]
    if (other) await this.seats.change(context.tx, other, other);
    const after = await this.changes.change(
      context,
      seat,
      {
        presence,
        listensTo: listenTo ?? null,
        ...(presence === 'offline' ? { signedOn: NOT_SIGNED_ON } : {}),
        ...(limit.value ? { limit: limit.value } : {}),
      },
      { presence: cause, items: 'presence', leave: 'signed_off' },
    );
    return ok(await this.now(context, after));
  }

  /** The shift that a roster gives the user now; `null` without a roster. */
  async shiftNow(context: CommandContext, userId: string): Promise<Result<RosteredShift | null>> {
    return this.rules ? this.rules.shiftNow(context, userId) : ok(null);
  }

  /** Every seat at which somebody is signed on, as it stands; no lock. */
  async signedOn({ tx }: { tx: ReadTx }): Promise<Omit<SeatNow, 'connected'>[]> {
    return (await this.seats.present(tx)).map(({ revision: _, graceId: _g, presenceClock: _c, ...known }) => known);
  }

  /** [PS6] [PS7] May this seat, in this presence, listen to that one? */
  private async mayListen(
    { tx, actor }: CommandContext,
    seatId: string,
    presence: Presence,
    other: StoredSeat | undefined,
  ): Promise<Result<null>> {
    const more = { field: 'listenTo', clause: 'PS6' };
    if (presence !== 'training') return refuse('presence_order', '只有培训状态才能旁听', more);
    if (!other || other.seatId === seatId || other.presence === 'offline' || other.presence === 'training') {
      return refuse('not_signed_on', '要旁听的坐席没有人在工作', more);
    }
    const own = queuesOf(actor.roles);
    if (!other.queues.every((queueId) => own.includes(queueId))) {
      // [I6] The seat's room shows what its roles may see, which the listener's may not.
      return refuse('forbidden', '只能旁听与自己同岗位的坐席', more);
    }
    const held = await this.items.heldBy(tx, other.seatId);
    return held.some(({ visibility }) => visibility === 'confidential')
      ? refuse('presence_order', '要旁听的坐席正在办理保密件，暂不能旁听', { field: 'listenTo', clause: 'PS7' })
      : ok(null);
  }

  /** [PS3] How long this presence may last. */
  private async limit(
    context: CommandContext,
    seat: StoredSeat,
    presence: Presence,
  ): Promise<Result<Sitting['limit'] | null>> {
    const { seatId } = seat;
    if (presence === seat.presence) return ok(null);
    if (presence === 'break' && this.rules) return this.rules.breakLimit(context, await this.now(context, seat));
    if (presence !== 'wrap_up') return ok(null);
    const command = (clockId: string) => ({ name: 'endWrapUp', payload: { seatId, clockId } });
    return ok({ at: context.now + this.policy.wrapUpMs, kind: 'WRAP_UP', command });
  }

  /** Other seats at which the user is signed on: one at most, unless rows are older than this rule. */
  private async elsewhere({ tx }: CommandContext, userId: string, seatId: string): Promise<string[]> {
    const seats = await this.seats.ofUser(tx, userId);
    return seats.filter((seat) => seat.seatId !== seatId && seat.presence !== 'offline').map((seat) => seat.seatId);
  }

  /** In the order of their ids, so that two commands never wait for each other. `orNew` stands where there is no row yet. */
  private async lockAll(
    { tx }: CommandContext,
    seatIds: readonly string[],
    orNew?: Seat,
  ): Promise<Map<string, StoredSeat>> {
    const locked = new Map<string, StoredSeat>();
    for (const seatId of [...new Set(seatIds)].sort()) {
      let seat = await this.seats.lock(tx, seatId);
      if (!seat && orNew?.seatId === seatId) {
        await this.seats.add(tx, orNew);
        seat = await this.seats.lock(tx, seatId);
      }
      if (seat) locked.set(seatId, seat);
    }
    return locked;
  }

  private async now({ tx }: CommandContext, seat: StoredSeat): Promise<SeatNow> {
    const { revision: _, graceId: _g, presenceClock: _c, ...known } = seat;
    return { ...known, connected: await this.sockets.anyOf(tx, seat.userId) };
  }
}
