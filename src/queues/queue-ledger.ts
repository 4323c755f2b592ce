import { Injectable } from '@nestjs/common';
import type { QueueId, Visibility, Grade, Kind } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';

/** What a queue must know of an order. */
export interface QueuedWork {
  queueId: QueueId;
  orderNo: string;
  critical: boolean;
  /** ms UTC; `null`: only age counts. */
  dueAt: number | null;
  kind: Kind | null;
  grade: Grade;
  catalogCode: string | null;
  areaCode: string | null;
  visibility: Visibility;
  /** The seat that brought it (a call being taken): it holds it from the start. */
  claimedBy?: string;
}

/** What commands of other features do to queues, inside their own transaction. */
@Injectable()
export class QueueLedger {
  async enqueue(_context: CommandContext, _work: QueuedWork): Promise<void> {
    throw new Error('not built');
  }

  /** The work is done, whoever had it: the item leaves its queue. Nothing happens when there is none. */
  async done(_context: CommandContext, _orderNo: string, _queueId: QueueId): Promise<void> {
    throw new Error('not built');
  }

  /** The seat that holds (claimed) the order's item of this queue; `null` when nobody does. */
  async holder(_context: CommandContext, _orderNo: string, _queueId: QueueId): Promise<string | null> {
    throw new Error('not built');
  }
}
