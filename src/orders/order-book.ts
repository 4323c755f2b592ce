import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import type { Registration } from '../domain/order/order-event.js';
import type { Result } from '../domain/result.js';
import type { ReadTx } from '../storage/unit-of-work.js';

/** What intake asks of orders, inside its own transaction. */
@Injectable()
export class OrderBook {
  /** T1: the order begins, waits in its queue, and the log says so. */
  async open(
    _context: CommandContext,
    _registration: Registration & { orderNo: string },
  ): Promise<Result<{ version: number }>> {
    throw new Error('not built');
  }

  /** @throws when there is no such order */
  async version(_tx: ReadTx, _orderNo: string): Promise<number> {
    throw new Error('not built');
  }
}
