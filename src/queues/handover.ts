import { Injectable } from '@nestjs/common';
import type { QueueEventType } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import { type ItemDue, itemMoves, type QueueItem } from '../domain/queue/queue-item.js';
import { queuesOf } from '../domain/queue/queues-of.js';
import { letsPass, losesOne, newSeat, type Seat, takesInHand, takesOne } from '../domain/queue/seat.js';
import { EventLog, type NewEvent } from '../event-log/event-log.js';
import { holderOf, itemCard, itemRooms } from './cards.js';
import { ItemStore, type StoredItem } from './item-store.js';
import { Listening } from './listening.js';
import { QueuePolicy } from './queue-policy.js';
import { SeatStore, type StoredSeat } from './seat-store.js';

/** Why a seat gave an item up. */
export type GivenUp =
  'returned' | 'presence' | 'seat_lost' | 'taken_over' | 'rights_changed' | 'taken_back' | 'shift_ended' | 'signed_off';
/** How a seat came to have an item in hand. */
export type TakenHow = 'offer' | 'pull' | 'brought' | 'assigned' | 'handed_over';

/** An item and, while one has it, its seat. */
export interface Held {
  item: StoredItem;
  seat: StoredSeat | undefined;
}

export interface HeldAndOther extends Held {
  /** The other seat that was asked for. */
  other: StoredSeat | undefined;
}

export const offerClock = (offerId: string): string => `offer:${offerId}`;

/**
 * Work changing hands between queues and seats: rows, clocks and events of one move together, in the caller's transaction.
 * Locks are taken seat first, item second, everywhere. [I4] rests on more than locks: each row is compared when it is
 * written, so a move that lost a race fails as a whole.
 */
@Injectable()
export class Handover {
  constructor(
    private readonly items: ItemStore,
    private readonly seats: SeatStore,
    private readonly log: EventLog,
    private readonly clocks: ClockLedger,
    private readonly policy: QueuePolicy,
    private readonly listening: Listening,
  ) {}

  /** The actor's seat, made on first use; `undefined` when the actor has none. */
  async seatOf({ tx, actor, now }: CommandContext): Promise<StoredSeat | undefined> {
    const { seatId } = actor;
    if (seatId === undefined) return undefined;
    const known = await this.seats.lock(tx, seatId);
    if (known) return known;
    await this.seats.add(tx, newSeat(seatId, actor.userId, queuesOf(actor.roles), now));
    return this.seats.lock(tx, seatId);
  }

  /** An item and its seat, both locked, and another seat if one is wanted; seats before the item, and in one order. */
  async lock(context: CommandContext, itemId: string, otherId?: string): Promise<HeldAndOther | undefined> {
    const seen = await this.items.get(context.tx, itemId);
    return seen && this.lockSeen(context, seen, otherId);
  }

  /** As `lock`, of an item that was read a moment ago. */
  async lockSeen({ tx }: CommandContext, seen: StoredItem, otherId?: string): Promise<HeldAndOther | undefined> {
    const { itemId } = seen;
    let known: StoredItem | undefined = seen;
    for (let attempt = 0; attempt < 10 && known; attempt++) {
      const holder = holderOf(known);
      const seats = new Map<string | null | undefined, StoredSeat | undefined>();
      const wanted = [...new Set([holder, otherId].filter((id) => typeof id === 'string'))].sort();
      for (const seatId of wanted) seats.set(seatId, await this.seats.lock(tx, seatId));
      const item = await this.items.lock(tx, itemId);
      if (item && holderOf(item) === holder) return { item, seat: seats.get(holder), other: seats.get(otherId) };
      known = item;
    }
    if (!known) return undefined;
    throw new Error(`queue item ${itemId} would not hold still`);
  }

  async enqueue(context: CommandContext, item: QueueItem, bringer: StoredSeat | undefined): Promise<void> {
    const { tx, origin, now } = context;
    if (!(await this.items.add(tx, item))) return;
    if (bringer) await this.saveSeat(context, bringer, takesInHand(takesOne(bringer)));
    await this.alone(context, item);
    const [type, facts] = bringer
      ? (['queue.item_claimed', { how: 'brought' }] as const)
      : (['queue.item_queued', {}] as const);
    await this.log.append(tx, origin, [itemEvent(type, item, now, facts)]);
  }

  async offer(context: CommandContext, seat: StoredSeat, item: StoredItem): Promise<void> {
    const { tx, now, origin } = context;
    const offerId = derivedId(origin.commandId, 'offer', item.itemId);
    const endsAt = now + this.policy.offerMs;
    await this.saveSeat(context, seat, takesOne(seat));
    await this.move(
      context,
      item,
      itemMoves.offer(item, { seatId: seat.seatId, offerId, endsAt }),
      'queue.item_offered',
    );
    await this.clocks.start(
      tx,
      {
        clockId: offerClock(offerId),
        kind: 'OFFER',
        subject: `item:${item.itemId}`,
        dueAt: endsAt,
        command: { name: 'expireOffer', payload: { itemId: item.itemId, offerId } },
      },
      now,
    );
  }

  async takeOffer(context: CommandContext, seat: StoredSeat, item: StoredItem): Promise<void> {
    await this.stopOffer(context, item);
    await this.saveSeat(context, seat, takesInHand(seat));
    await this.claim(context, seat, item, 'offer');
  }

  async pull(context: CommandContext, seat: StoredSeat, item: StoredItem): Promise<void> {
    await this.saveSeat(context, seat, takesInHand(takesOne(seat)));
    await this.claim(context, seat, item, 'pull');
  }

  /** [RT9] Out of the hands of the seat that has it, if one has, and into these; what it was offered itself it claims. */
  async assign(context: CommandContext, { item, seat: holder }: Held, seat: StoredSeat): Promise<void> {
    if (holder?.seatId === seat.seatId) {
      await this.stopOffer(context, item);
      await this.saveSeat(context, seat, takesInHand(seat));
      return this.claim(context, seat, item, 'assigned');
    }
    if (holder) await this.giveBack(context, holder, item, 'taken_back');
    const free = holder ? (await this.items.lock(context.tx, item.itemId))! : item;
    await this.saveSeat(context, seat, takesInHand(takesOne(seat)));
    await this.claim(context, seat, free, 'assigned');
  }

  /** `reason` is a person's words: kept in the item's row, told nobody. */
  async giveBack(
    context: CommandContext,
    seat: StoredSeat,
    item: StoredItem,
    cause: GivenUp,
    reason?: string,
  ): Promise<void> {
    await this.saveSeat(context, seat, losesOne(seat, context.now));
    await this.letGo(context, item, cause, reason);
  }

  /** The offer's clock has rung. */
  async expire(context: CommandContext, seat: StoredSeat, item: StoredItem): Promise<void> {
    await this.saveSeat(context, seat, letsPass(seat, context.now));
    await this.move(context, item, itemMoves.expire(item), 'queue.item_expired', { seatId: seat.seatId });
  }

  /** Nothing changes hands: it is due at another time. */
  async redue(context: CommandContext, item: StoredItem, due: ItemDue & Pick<QueueItem, 'dueOrder'>): Promise<void> {
    const { tx, origin, now } = context;
    const redue = itemMoves.redue(item, due);
    if (!redue) return;
    if (!(await this.items.redue(tx, item, redue))) throw lostRace(item.itemId);
    await this.log.append(tx, origin, [itemEvent('queue.item_due_changed', redue, now)]);
  }

  async finish(context: CommandContext, { item, seat }: Held): Promise<void> {
    const { tx, origin, now } = context;
    await this.stopOffer(context, item);
    if (seat) await this.saveSeat(context, seat, losesOne(seat, now));
    const done = itemMoves.finish(item);
    if (!done || !(await this.items.change(tx, item, done, { doneAt: now }))) throw lostRace(item.itemId);
    await this.log.append(tx, origin, [{ ...itemEvent('queue.item_done', item, now), rooms: {} }]);
  }

  /**
   * A seat gives up all but what it `keeps`; its row is the caller's to write. What it had claimed goes on at `handTo`,
   * where that seat serves its queue and has room, the rest to the head of its queue. Who moves to another seat brings along
   * all that they have. Answers how many items it has lost. [QS7] [PS8] [SH7]
   */
  async giveUp(
    context: CommandContext,
    seat: StoredSeat,
    how: { keeps: (item: StoredItem) => boolean; cause: GivenUp; handTo: StoredSeat | undefined },
  ): Promise<number> {
    let { handTo } = how;
    const most = how.cause === 'taken_over' ? Infinity : this.policy.mostHandedOver;
    let given = 0;
    for (const item of await this.items.heldBy(context.tx, seat.seatId)) {
      if (how.keeps(item)) continue;
      given += 1;
      if (handTo && handTo.held < most && item.state === 'claimed' && mayTake(handTo, item)) {
        const taking = takesInHand(takesOne(handTo));
        await this.saveSeat(context, handTo, taking);
        handTo = { ...taking, revision: handTo.revision + 1 };
        const facts = { how: 'handed_over', from: seat.seatId };
        await this.move(
          context,
          item,
          itemMoves.handOver(item, handTo.seatId, context.now),
          'queue.item_claimed',
          facts,
        );
      } else {
        await this.letGo(context, item, how.cause);
      }
    }
    return given;
  }

  private claim(context: CommandContext, seat: Seat, item: StoredItem, how: TakenHow): Promise<void> {
    return this.move(context, item, itemMoves.claim(item, seat.seatId, context.now), 'queue.item_claimed', { how });
  }

  private async letGo(context: CommandContext, item: StoredItem, cause: GivenUp, reason?: string): Promise<void> {
    await this.stopOffer(context, item);
    await this.move(
      context,
      item,
      itemMoves.giveBack(item, context.now),
      'queue.item_returned',
      { seatId: item.seatId, cause },
      reason === undefined ? {} : { reason },
    );
  }

  private async stopOffer({ tx, now }: CommandContext, item: StoredItem): Promise<void> {
    if (item.offerId !== null) await this.clocks.stop(tx, offerClock(item.offerId), now);
  }

  private async move(
    context: CommandContext,
    from: StoredItem,
    to: QueueItem | undefined,
    type: QueueEventType,
    facts: Record<string, unknown> = {},
    more: { reason?: string } = {},
  ): Promise<void> {
    const { tx, origin, now } = context;
    if (!to || !(await this.items.change(tx, from, to, more))) throw lostRace(from.itemId);
    await this.alone(context, to);
    await this.log.append(tx, origin, [itemEvent(type, to, now, facts)]);
  }

  /** [PS7] Nobody listens on where confidential work comes: told before the work is. */
  private async alone(context: CommandContext, item: QueueItem): Promise<void> {
    const holder = item.visibility === 'confidential' ? holderOf(item) : null;
    if (holder !== null) await this.listening.endAt(context, holder, 'confidential');
  }

  private async saveSeat({ tx }: CommandContext, from: StoredSeat, to: Seat): Promise<void> {
    if (!(await this.seats.change(tx, from, to))) throw lostRace(from.seatId);
  }
}

const mayTake = ({ presence, queues }: Seat, { queueId }: QueueItem): boolean =>
  presence !== 'offline' && queues.includes(queueId);

/** Cannot happen under the locks; if it does, the whole command is undone rather than half of it done. */
const lostRace = (id: string) => new Error(`${id} was changed by somebody else`);

function itemEvent(type: QueueEventType, item: QueueItem, at: number, facts: Record<string, unknown> = {}): NewEvent {
  const { itemId, queueId, orderNo, seatId, state } = item;
  if (state === 'done') throw new Error(`item ${itemId} is done and has no card`);
  return {
    subject: `item:${itemId}`,
    type,
    at,
    version: null,
    data: { itemId, queueId, orderNo, seatId, ...facts },
    card: itemCard({ ...item, state }),
    rooms: itemRooms(item),
  };
}
