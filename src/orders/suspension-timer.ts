import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import { type Order, suspensionOf } from '../domain/order/order.js';
import { subjectOf } from './order-clocks.js';

/** [T19] The day comes on which a suspended order goes on by itself: a timer of its own, from suspension to resumption. */
@Injectable()
export class SuspensionTimer {
  constructor(private readonly clocks: ClockLedger) {}

  /** In the transaction of the command that changed the order so. */
  async follow({ tx, now }: CommandContext, before: Order | null, after: Order): Promise<void> {
    const [was, is] = [before && suspensionOf(before), suspensionOf(after)];
    if (Boolean(was) === Boolean(is)) return;
    const { orderNo } = after;
    const clockId = timerOf(after);
    if (!is) {
      await this.clocks.stop(tx, clockId, now);
      return;
    }
    await this.clocks.start(
      tx,
      {
        clockId,
        kind: 'RESUME',
        subject: subjectOf(orderNo),
        dueAt: is.until,
        command: { name: 'resumeAtEnd', payload: { orderNo, clockId } },
      },
      now,
    );
  }
}

/** Each suspension of an order has one. */
const timerOf = ({ orderNo, suspensions = [] }: Order): string => `resume:${orderNo}:${suspensions.length}`;
