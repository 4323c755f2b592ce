import { Injectable } from '@nestjs/common';
import type { Grade, Kind, QueueId, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { SkillPlan } from '../config/skill-plan.js';
import type { ItemDue } from '../domain/queue/queue-item.js';
import { dueOrderOf } from '../domain/queue/queue-order.js';
import { queuesOf } from '../domain/queue/queues-of.js';
import { needsOf } from '../domain/routing/needs-of.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { Handover } from './handover.js';
import { ItemStore } from './item-store.js';
import { QueuePolicy } from './queue-policy.js';
import type { StoredSeat } from './seat-store.js';

/** What a queue must know of an order, or of a call-back, which may belong to none. */
export interface QueuedWork {
  queueId: QueueId;
  orderNo: string | null;
  /** In the call-back queue alone: then it, and not the order, is what waits at most once. */
  callbackId?: string;
  critical: boolean;
  /** ms UTC; `null`: only age counts. */
  dueAt: number | null;
  /** When the order's clock that it waits by warns, and is told late, ms UTC; absent: it waits by none. */
  amberAt?: number | null;
  overdueAt?: number | null;
  /** Since when it has waited, ms UTC; absent: since now. */
  queuedAt?: number;
  kind: Kind | null;
  grade: Grade;
  catalogCode: string | null;
  areaCode: string | null;
  visibility: Visibility;
  /** What is asked of who does it [RT1]: top level of its matter, dialect, way of emergencies. Absent: nothing. */
  field?: string | null;
  dialect?: string | null;
  emergency?: boolean;
  /** The actor's seat, which brings it (a call being taken): it holds it from the start, if it is present and serves the queue. [QS9] */
  claimedBy?: string;
}

/** What commands of other features do to queues, inside their own transaction. */
@Injectable()
export class QueueLedger {
  constructor(
    private readonly handover: Handover,
    private readonly items: ItemStore,
    private readonly policy: QueuePolicy,
    private readonly skillPlan: SkillPlan,
  ) {}

  /** An order waits in a queue at most once: nothing happens when it does already. */
  async enqueue(context: CommandContext, work: QueuedWork): Promise<void> {
    const { claimedBy, callbackId = null, field: _field, dialect: _dialect, emergency: _emergency, ...facts } = work;
    const bringer = await this.bringer(context, work.queueId, claimedBy);
    const queuedAt = work.queuedAt ?? context.now;
    await this.handover.enqueue(
      context,
      {
        ...facts,
        itemId: derivedId(context.origin.commandId, 'item', work.queueId, callbackId ?? work.orderNo!),
        amberAt: work.amberAt ?? null,
        overdueAt: work.overdueAt ?? null,
        state: bringer ? 'claimed' : 'queued',
        queuedAt,
        atHead: false,
        seatId: bringer?.seatId ?? null,
        offerId: null,
        offerEndsAt: null,
        expiredSeatId: null,
        givenUpBy: null,
        givenUpAt: null,
        dueOrder: dueOrderOf({ dueAt: work.dueAt, queuedAt }, this.policy.patienceMs),
        callbackId,
        needs: needsOf(work, this.skillPlan),
        claimedAt: bringer ? context.now : null,
      },
      bringer,
    );
  }

  /** The work (`work`: the order's number, or the call-back's id) is done, whoever had it: the item leaves its queue. Nothing happens when there is none. */
  async done(context: CommandContext, work: string, queueId: QueueId): Promise<void> {
    const open = await this.items.open(context.tx, work, queueId);
    const held = open && (await this.handover.lockSeen(context, open));
    if (held && held.item.state !== 'done') await this.handover.finish(context, held);
  }

  /** [QS1] Due at another time than when it came: the item takes the place that goes with it. Nothing happens when there is none. */
  async redue(context: CommandContext, work: string, queueId: QueueId, due: ItemDue): Promise<void> {
    const open = await this.items.open(context.tx, work, queueId);
    const held = open && (await this.handover.lockSeen(context, open));
    if (!held || held.item.state === 'done') return;
    const dueOrder = dueOrderOf({ dueAt: due.dueAt, queuedAt: held.item.queuedAt }, this.policy.patienceMs);
    await this.handover.redue(context, held.item, { ...due, dueOrder });
  }

  /** Out of the queue, wherever it waits or is offered; answers false, and does nothing, when a seat has claimed it. */
  async withdraw(context: CommandContext, work: string, queueId: QueueId): Promise<boolean> {
    const open = await this.items.open(context.tx, work, queueId);
    const held = open && (await this.handover.lockSeen(context, open));
    if (held?.item.state === 'claimed') return false;
    if (held && held.item.state !== 'done') await this.handover.finish(context, held);
    return true;
  }

  /** The seat that holds (claimed) the work's item of this queue; `null` when nobody does. */
  async holder({ tx }: { tx: ReadTx }, work: string, queueId: QueueId): Promise<string | null> {
    const open = await this.items.open(tx, work, queueId);
    return open?.state === 'claimed' ? open.seatId : null;
  }

  /** The seat that holds the work's item of this queue, and that to which it is offered at this moment [QS5]; `null`: none. */
  async seatsOf(
    { tx, now }: Pick<CommandContext, 'tx' | 'now'>,
    work: string,
    queueId: QueueId,
  ): Promise<{ holderSeatId: string | null; offeredSeatId: string | null }> {
    const open = await this.items.open(tx, work, queueId);
    const offered = open?.state === 'offered' && (open.offerEndsAt ?? 0) > now;
    return {
      holderSeatId: open?.state === 'claimed' ? open.seatId : null,
      offeredSeatId: offered ? open.seatId : null,
    };
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
