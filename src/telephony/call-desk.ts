import { Injectable } from '@nestjs/common';
import type { CallCard, CallEventType, Presence } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import { type Call, callOf } from '../domain/telephony/call.js';
import { presenceAfter, type SeatMove, seatMoves } from '../domain/telephony/seat-moves.js';
import { EventLog, type NewEvent } from '../event-log/event-log.js';
import { SeatLedger } from '../queues/seat-ledger.js';
import { CallPolicy } from './call-policy.js';
import { CallStore, type NewFact, type StoredCall } from './call-store.js';

export type Taken = { known: string } | { full: true } | { call: StoredCall; presence: Presence | null };

/**
 * What follows from one more fact of a call, inside one transaction: its row, its card, its seats, its clock, its event.
 * Locks are taken call first, then seats by their ids, then (by the ledger) items.
 */
@Injectable()
export class CallDesk {
  constructor(
    private readonly calls: CallStore,
    private readonly seats: SeatLedger,
    private readonly clocks: ClockLedger,
    private readonly log: EventLog,
    private readonly policy: CallPolicy,
  ) {}

  /**
   * Answers `known`, the hash of its content, when the fact was told before; then nothing is done. Answers `full` when the
   * call has more than `most` with it: then the caller refuses, which undoes it. [CT1]
   */
  async take(context: CommandContext, stored: StoredCall, fact: NewFact, most = Infinity): Promise<Taken> {
    const known = await this.calls.claim(context.tx, fact);
    if (known !== undefined) return { known };
    const facts = await this.calls.facts(context.tx, stored.callId);
    if (facts.length > most) return { full: true };
    const before = callOf(facts.filter(({ key }) => key !== fact.key));
    const after = callOf(facts);
    const call: StoredCall = {
      ...stored,
      ...rowOf(after),
      takenBy: await this.takenBy(context, stored, before, after),
      clockId: await this.watch(context, stored, after),
    };
    await this.calls.save(context.tx, call);
    await this.calls.keepSeats(context.tx, call.callId, before.live, after.live);
    await this.tell(context, call.callId, fact, before, after);
    const { wrapUpMs, longestMs } = this.policy;
    for (const move of seatMoves(before, after, { wrapUpMs, longestMs, now: context.now })) {
      await this.moveSeat(context, call.callId, move);
    }
    return { call, presence: await this.presenceOf(context, fact, after) };
  }

  /** [CT4] Who sat there when it was first heard that the call was answered there. */
  private async takenBy(
    context: CommandContext,
    { takenBy }: StoredCall,
    before: Call,
    after: Call,
  ): Promise<string | null> {
    if (after.answeredAt === null || after.seatId === null) return null;
    if (before.answeredAt !== null && before.seatId === after.seatId) return takenBy;
    return (await this.seats.seat(context, after.seatId))?.userId ?? null;
  }

  /** [CT7] While the call goes on a clock runs for the end that may never be told. */
  private async watch({ tx, origin, now }: CommandContext, { callId, clockId }: StoredCall, after: Call) {
    if (after.state === 'over') {
      if (clockId !== null) await this.clocks.stop(tx, clockId, now);
      return null;
    }
    if (clockId !== null) return clockId;
    const id = `call:${derivedId(origin.commandId, 'call', callId)}`;
    await this.clocks.start(
      tx,
      {
        clockId: id,
        kind: 'CALL',
        subject: `call:${callId}`,
        dueAt: now + this.policy.longestMs,
        command: { name: 'endLostCall', payload: { callId, clockId: id } },
      },
      now,
    );
    return id;
  }

  private async moveSeat(context: CommandContext, callId: string, { seatId, to }: SeatMove): Promise<void> {
    const seat = await this.seats.seat(context, seatId);
    if (!seat) return;
    const speaksElsewhere = await this.calls.speaksElsewhere(context.tx, seatId, callId);
    const presence = presenceAfter(seat.presence, to, speaksElsewhere);
    if (presence === null) return;
    const moved = await this.seats.setPresence(context, seatId, presence, { cause: 'call' });
    if (!moved.ok) throw new Error(`the seat ${seatId} cannot be ${presence}: ${moved.error.code}`);
  }

  private async presenceOf(context: CommandContext, fact: NewFact, after: Call): Promise<Presence | null> {
    const seatId = fact.seatId ?? after.seatId;
    if ((fact.type !== 'answered' && fact.type !== 'hung_up') || seatId === null) return null;
    return (await this.seats.seat(context, seatId))?.presence ?? null;
  }

  private async tell({ tx, origin }: CommandContext, callId: string, fact: NewFact, before: Call, after: Call) {
    const [was, is] = [cardOf(callId, before), cardOf(callId, after)];
    const event: Omit<NewEvent, 'card' | 'rooms'> = {
      subject: `call:${callId}`,
      type: `call.${fact.type}` satisfies CallEventType,
      at: fact.at,
      version: null,
      data: toldOf(callId, after),
    };
    if (is) await this.log.append(tx, origin, [{ ...event, card: is, rooms: roomsOf(is.seatId) }]);
    else if (was) await this.log.append(tx, origin, [{ ...event, card: was, rooms: {} }]);
    else if (JSON.stringify(event.data) !== JSON.stringify(toldOf(callId, before))) {
      await this.log.append(tx, origin, [{ ...event, card: null, rooms: roomsOf(after.seatId) }]);
    }
  }
}

function rowOf({ live: _live, ended: _ended, ...row }: Call) {
  return row;
}

/** What the log needs to count calls by itself [CT6]; not who called. */
const toldOf = (callId: string, { state, seatId, offeredAt, answeredAt, abandonedAt, endedAt }: Call) => ({
  ...{ callId, state, seatId, offeredAt, answeredAt, abandonedAt, endedAt },
});

/** While it rings or is spoken at a seat. */
function cardOf(callId: string, { state, seatId, offeredAt, answeredAt }: Call): CallCard | undefined {
  if ((state !== 'offered' && state !== 'answered') || seatId === null) return undefined;
  return { callId, seatId, state, offeredAt: offeredAt ?? answeredAt!, answeredAt };
}

const roomsOf = (seatId: string | null) => ({
  floor: 'full' as const,
  ...(seatId === null ? {} : { [`seat:${seatId}`]: 'full' as const }),
});
