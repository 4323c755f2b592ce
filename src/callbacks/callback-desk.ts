import { Injectable } from '@nestjs/common';
import type { CallbackCard, CallEventType } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import type { CallbackEnd } from '../domain/callback/after-attempt.js';
import { callableFrom, callableUntil } from '../domain/callback/calling-hours.js';
import { EventLog } from '../event-log/event-log.js';
import { OrderBook } from '../orders/order-book.js';
import { QueueLedger } from '../queues/queue-ledger.js';
import { CallbackPolicy } from './callback-policy.js';
import { type Callback, CallbackStore, type StoredCallback } from './callback-store.js';

/** A call-back on its way: row, clock, queue, card and event of one step together, in the caller's transaction. */
@Injectable()
export class CallbackDesk {
  constructor(
    private readonly store: CallbackStore,
    private readonly clocks: ClockLedger,
    private readonly queues: QueueLedger,
    private readonly orders: OrderBook,
    private readonly log: EventLog,
    private readonly policy: CallbackPolicy,
  ) {}

  /** It waits for its time. Answers its id; `undefined` when there is one for the same missed call, or number, already [CB1]. */
  async arrange(
    context: CommandContext,
    facts: Pick<Callback, 'cause' | 'orderNo' | 'callId' | 'phoneDigest' | 'dueAt'>,
    reason: string | null = null,
  ): Promise<string | undefined> {
    const { tx, actor, origin, now } = context;
    const missed = facts.cause === 'missed_call' && facts.callId !== null;
    // A missed call is called back once, whatever is told of it later.
    const callbackId = missed
      ? derivedId('callback', 'missed', facts.callId!)
      : derivedId('callback', actor.userId, origin.commandId);
    const callback: Callback = {
      ...{ callbackId, ...facts, state: 'scheduled', attempts: 0 },
      ...{ clockId: clockFor(context, callbackId), createdAt: now, createdBy: actor.userId },
    };
    if (!(await this.store.add(tx, callback, reason))) return undefined;
    await this.startClock(context, callback, callback.dueAt);
    await this.tell(context, 'callback.scheduled', callback, { cause: callback.cause, dueAt: callback.dueAt });
    return callbackId;
  }

  /**
   * [CB2] Its time has come: it waits in the queue, and is to be made within the limit, as long as people are called.
   * Answers false when its clock was heard so late that it waits for the morning [CB4].
   */
  async bringUp(context: CommandContext, from: StoredCallback): Promise<boolean> {
    const { tx, now } = context;
    if (this.isNight(now)) {
      await this.putOff(context, from);
      return false;
    }
    const { callbackId, orderNo } = from;
    const queued: Callback = { ...from, state: 'queued', clockId: clockFor(context, callbackId) };
    await this.store.change(tx, from, queued);
    const until = callableUntil(now, this.policy.hours);
    await this.startClock(context, queued, until);
    const facts =
      orderNo === null
        ? ({ kind: null, grade: 'normal', catalogCode: null, areaCode: null, visibility: 'internal' } as const)
        : await this.orders.workFacts(tx, orderNo);
    await this.tell(context, 'callback.due', queued, { dueAt: from.dueAt });
    const dueAt = Math.min(now + this.policy.limitMs, until);
    await this.queues.enqueue(context, { queueId: 'callback', orderNo, callbackId, critical: false, dueAt, ...facts });
    return true;
  }

  /** [CB4] The hours have ended: what nobody has in hand waits for the morning, the rest is looked at when they end again. */
  async closeHours(context: CommandContext, from: StoredCallback): Promise<void> {
    if (await this.rest(context, from)) return;
    const next: Callback = { ...from, clockId: clockFor(context, from.callbackId) };
    await this.store.change(context.tx, from, next);
    await this.startClock(context, next, callableUntil(context.now, this.policy.hours));
  }

  /** [CB4] Out of the queue, if it is night and nobody has it in hand. */
  async rest(context: CommandContext, from: StoredCallback): Promise<boolean> {
    if (!this.isNight(context.now)) return false;
    if (!(await this.queues.withdraw(context, from.callbackId, 'callback'))) return false;
    await this.putOff(context, from);
    return true;
  }

  /** [CB3] Nobody answered: once more, later. */
  async again(context: CommandContext, from: StoredCallback, dueAt: number): Promise<void> {
    await this.leaveQueue(context, from);
    await this.stopClock(context, from);
    const attempts = from.attempts + 1;
    const clockId = clockFor(context, from.callbackId);
    const next: Callback = { ...from, state: 'scheduled', attempts, dueAt, clockId };
    await this.store.change(context.tx, from, next);
    await this.startClock(context, next, dueAt);
    await this.tell(context, 'callback.attempted', next, { outcome: 'no_answer', attempts, dueAt });
  }

  /** `tried`: somebody called, and that is how it ended. */
  async end(context: CommandContext, from: StoredCallback, outcome: CallbackEnd, tried: boolean): Promise<void> {
    await this.leaveQueue(context, from);
    await this.stopClock(context, from);
    const attempts = from.attempts + (tried ? 1 : 0);
    const done: Callback = { ...from, state: 'done', attempts, clockId: null };
    await this.store.change(context.tx, from, done);
    await this.tell(context, 'callback.done', done, { outcome, attempts });
  }

  private async leaveQueue(context: CommandContext, { state, callbackId }: Callback): Promise<void> {
    if (state === 'queued') await this.queues.done(context, callbackId, 'callback');
  }

  private isNight(now: number): boolean {
    return callableFrom(now, this.policy.hours) > now;
  }

  /** [CB4] Until people may be called again. */
  private async putOff(context: CommandContext, from: StoredCallback): Promise<void> {
    await this.stopClock(context, from);
    const dueAt = callableFrom(context.now, this.policy.hours);
    const next: Callback = { ...from, state: 'scheduled', dueAt, clockId: clockFor(context, from.callbackId) };
    await this.store.change(context.tx, from, next);
    await this.startClock(context, next, dueAt);
    await this.tell(context, 'callback.scheduled', next, { cause: next.cause, dueAt });
  }

  private async stopClock({ tx, now }: CommandContext, { clockId }: Callback): Promise<void> {
    if (clockId !== null) await this.clocks.stop(tx, clockId, now);
  }

  private startClock({ tx, now }: CommandContext, { callbackId, clockId }: Callback, dueAt: number): Promise<void> {
    return this.clocks.start(
      tx,
      {
        clockId: clockId!,
        kind: 'CALLBACK',
        subject: `callback:${callbackId}`,
        dueAt,
        command: { name: 'dueCallback', payload: { callbackId, clockId } },
      },
      now,
    );
  }

  private async tell(
    { tx, origin, now }: CommandContext,
    type: CallEventType,
    callback: Callback,
    facts: Record<string, unknown>,
  ): Promise<void> {
    const { callbackId, orderNo, callId } = callback;
    await this.log.append(tx, origin, [
      {
        subject: `callback:${callbackId}`,
        type,
        at: now,
        version: null,
        data: { callbackId, orderNo, callId, ...facts },
        card: cardOf(callback),
        rooms: callback.state === 'done' ? {} : { 'queue:callback': 'full' },
      },
    ]);
  }
}

const clockFor = ({ origin }: CommandContext, callbackId: string) =>
  `callback:${derivedId(origin.commandId, 'callback', callbackId)}`;

/** As it was last, when it leaves. */
function cardOf({ callbackId, cause, orderNo, callId, dueAt, attempts, state }: Callback): CallbackCard {
  return { callbackId, cause, orderNo, callId, dueAt, attempts, state: state === 'done' ? 'queued' : state };
}
