import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import type { Registration } from '../domain/order/order-event.js';
import { seesRequester } from '../domain/order/sees-requester.js';
import type { Result } from '../domain/result.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { OrderDesk } from './order-desk.js';

/** What intake asks of orders, inside its own transaction. */
@Injectable()
export class OrderBook {
  constructor(private readonly desk: OrderDesk) {}

  /** [T1] The order begins, waits in its queue (in the seat's own hands when a seat took it down), and the log says so. */
  async open(
    context: CommandContext,
    registration: Registration & { orderNo: string },
  ): Promise<Result<{ version: number }>> {
    return this.desk.carryOut(context, { name: 'register', ...registration });
  }

  /** How much of who asked the actor may see [DG1]. */
  async seesRequester(context: CommandContext, orderNo: string): Promise<ReturnType<typeof seesRequester>> {
    const order = await this.desk.load(context, orderNo);
    return seesRequester(order, await this.desk.circumstances(context, order));
  }

  /** @throws when there is no such order */
  async version(tx: ReadTx, orderNo: string): Promise<number> {
    const row = await tx.one<{ version: number }>('SELECT version FROM work_order WHERE order_no = ?', [orderNo]);
    if (!row) throw new Error(`no order ${orderNo}`);
    return row.version;
  }
}
