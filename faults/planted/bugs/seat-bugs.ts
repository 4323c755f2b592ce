import type { CommandContext } from '../../../src/commands/command-handler.js';
import { ok, type Result } from '../../../src/domain/result.js';
import { ClaimItem, type ClaimItemPayload } from '../../../src/queues/commands/claim-item.js';
import { OfferItems, type OfferItemsPayload } from '../../../src/queues/commands/offer-items.js';
import { Handover } from '../../../src/queues/handover.js';
import { ItemStore, type StoredItem } from '../../../src/queues/item-store.js';
import type { SeatStore, StoredSeat } from '../../../src/queues/seat-store.js';
import type { Tx } from '../../../src/storage/unit-of-work.js';
import { inside, plantIn } from '../plant.js';

interface Insides {
  handover: Handover;
  items: ItemStore;
  seats: SeatStore;
}

/** As it would be if nobody had it: what is compared when it is written is then compared with what stands there. */
const asIfFree = (item: StoredItem): StoredItem => ({ ...item, state: 'queued', seatId: null });
/** An item's row is overwritten, whoever changed it since. */
const writeWithoutCompare = (): void =>
  plantIn<ItemStore, [Tx, StoredItem, StoredItem, object?], Promise<boolean>>(
    ItemStore,
    'change',
    async (right, _self, tx, from, to, more) => {
      const stands = await tx.one<{ state: StoredItem['state']; revision: number }>(
        'SELECT state, revision FROM queue_item WHERE item_id = ?',
        [from.itemId],
      );
      return right(tx, { ...from, ...stands }, to, more);
    },
  );

export const SEAT_BUGS = {
  'claim-without-compare': () => {
    writeWithoutCompare();
    type Claimed = Result<{ itemId: string; orderNo: string | null }>;
    plantIn<ClaimItem, [ClaimItemPayload, CommandContext], Promise<Claimed>>(
      ClaimItem,
      'handle',
      async (right, self, payload, context) => {
        const { handover, items } = inside<Insides>(self);
        const item = await items.lock(context.tx, payload.itemId);
        const seat = await handover.seatOf(context);
        if (!item || !seat || item.state !== 'claimed' || item.seatId === seat.seatId) return right(payload, context);
        await handover.pull(context, seat, asIfFree(item));
        return ok({ itemId: item.itemId, orderNo: item.orderNo });
      },
    );
  },
  'offer-without-compare': () => {
    writeWithoutCompare();
    plantIn<OfferItems, [OfferItemsPayload, CommandContext], Promise<Result<{ offered: number }>>>(
      OfferItems,
      'handle',
      async (right, self, payload, context) => {
        const { tx } = context;
        const { handover, items, seats } = inside<Insides>(self);
        const answer = await right(payload, context);
        const offered = await tx.one<{ item_id: string; seat_id: string }>(
          "SELECT item_id, seat_id FROM queue_item WHERE state = 'offered'",
        );
        const other = await tx.one<{ seat_id: string }>(
          "SELECT seat_id FROM seat WHERE presence = 'ready' AND held = 0 AND seat_id <> ?",
          [offered?.seat_id ?? ''],
        );
        const item = offered && (await items.lock(tx, offered.item_id));
        const seat = other && (await seats.lock(tx, other.seat_id));
        if (item && seat) await handover.offer(context, seat, asIfFree(item));
        return answer;
      },
    );
  },
  'grace-forgotten': () => {
    plantIn<Handover, [CommandContext, StoredSeat, object], Promise<number>>(Handover, 'giveUp', () =>
      Promise.resolve(0),
    );
  },
};
