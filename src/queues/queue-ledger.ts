import { Injectable } from '@nestjs/common';
import type { Grade, Kind, QueueId, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { queuesOf } from '../domain/queue/queues-of.js';
import { Handover } from './handover.js';
import { ItemStore } from './item-store.js';
import type { StoredSeat } from './seat-store.js';

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
  /** The actor's seat, which brings it (a call being taken): it holds it from the start, if it is present and serves the queue. [QS9] */
  claimedBy?: string;
}

/** What commands of other features do to queues, inside their own transaction. */
@Injectable()
export class QueueLedger {
  constructor(
    private readonly handover: Handover,
    private readonly items: ItemStore,
  ) {}

  /** An order waits in a queue at most once: nothing happens when it does already. */
  async enqueue(context: CommandContext, work: QueuedWork): Promise<void> {
    const { claimedBy, ...facts } = work;
    const bringer = await this.bringer(context, work.queueId, claimedBy);
    await this.handover.enqueue(
      context,
      {
        ...facts,
        itemId: derivedId(context.origin.commandId, 'item', work.queueId, work.orderNo),
        state: bringer ? 'claimed' : 'queued',
        queuedAt: context.now,
        atHead: false,
        seatId: bringer?.seatId ?? null,
        offerId: null,
        offerEndsAt: null,
        expiredSeatId: null,
        callbackId: null,
        needs: [],
        claimedAt: bringer ? context.now : null,
      },
      bringer,
    );
  }

  /** The work is done, whoever had it: the item leaves its queue. Nothing happens when there is none. */
  async done(context: CommandContext, orderNo: string, queueId: QueueId): Promise<void> {
    const open = await this.items.open(context.tx, orderNo, queueId);
    const held = open && (await this.handover.lock(context, open.itemId));
    if (held && held.item.state !== 'done') await this.handover.finish(context, held);
  }

  /** The seat that holds (claimed) the order's item of this queue; `null` when nobody does. */
  async holder(context: CommandContext, orderNo: string, queueId: QueueId): Promise<string | null> {
    const open = await this.items.open(context.tx, orderNo, queueId);
    return open?.state === 'claimed' ? open.seatId : null;
  }

  /** Only its own actor, present at it and serving the queue, makes a seat hold what nobody offered it. */
  private async bringer(
    context: CommandContext,
    queueId: QueueId,
    claimedBy: string | undefined,
  ): Promise<StoredSeat | undefined> {
    const { seatId, userId, roles } = context.actor;
    if (claimedBy === undefined || claimedBy !== seatId || !queuesOf(roles).includes(queueId)) return undefined;
    const seat = await this.handover.seatOf(context);
    return seat && seat.presence !== 'offline' && seat.userId === userId ? seat : undefined;
  }
}
