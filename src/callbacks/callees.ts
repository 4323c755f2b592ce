import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import { hasRole, type Actor } from '../identity/actor.js';
import { refuse, ok, type Result } from '../domain/result.js';
import { OrderBook } from '../orders/order-book.js';
import { QueueLedger } from '../queues/queue-ledger.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { CallBook } from '../telephony/call-book.js';
import { CallbackStore, type StoredCallback } from './callback-store.js';

/** Whom a call-back is for, and who may know. */
@Injectable()
export class Callees {
  constructor(
    private readonly store: CallbackStore,
    private readonly calls: CallBook,
    private readonly orders: OrderBook,
    private readonly queues: QueueLedger,
  ) {}

  /** [CB5] Whoever has it in hand, and shift leaders. For everybody else there is none. */
  async known(
    { tx, actor }: { tx: ReadTx; actor: Actor } | CommandContext,
    callbackId: string,
  ): Promise<Result<StoredCallback>> {
    const callback = await this.store.get(tx, callbackId);
    return callback && (hasRole(actor, ['shift_leader']) || (await this.holds({ tx, actor }, callback)))
      ? ok(callback)
      : refuse('callback_not_found', '没有这项回拨，或不在您手中', { field: 'callbackId', clause: 'CB5' });
  }

  async holds({ tx, actor }: { tx: ReadTx; actor: Actor }, { callbackId }: StoredCallback): Promise<boolean> {
    const seatId = await this.queues.holder({ tx }, callbackId, 'callback');
    return seatId !== null && seatId === actor.seatId;
  }

  /** In clear: as somebody typed it, or who called, or who asked. `null`: erased, or never said. */
  async phone(tx: ReadTx, { callbackId, callId, orderNo }: StoredCallback): Promise<string | null> {
    const typed = await this.store.callee(tx, callbackId);
    if (typed !== null) return typed;
    const call = callId === null ? undefined : await this.calls.get(tx, callId);
    const called = call ? await this.calls.phone(tx, call) : null;
    return called ?? (orderNo === null ? null : this.orders.requesterPhone(tx, orderNo));
  }
}
