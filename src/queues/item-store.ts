import { Injectable } from '@nestjs/common';
import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import type { QueueItem } from '../domain/queue/queue-item.js';
import { turnOf } from '../domain/queue/queue-order.js';
import type { ReadTx, SqlValue, Tx } from '../storage/unit-of-work.js';

interface ItemRow {
  item_id: string;
  queue_id: string;
  order_no: string | null;
  callback_id: string | null;
  needs: string | null;
  claimed_at: number | null;
  due_order: number;
  given_up_by: string | null;
  given_up_at: number | null;
  state: string;
  revision: number;
  critical: number;
  at_head: number;
  due_at: number | null;
  amber_at: number | null;
  overdue_at: number | null;
  queued_at: number;
  seat_id: string | null;
  offer_id: string | null;
  offer_ends_at: number | null;
  expired_seat_id: string | null;
  kind: string | null;
  grade: string;
  catalog_code: string | null;
  area_code: string | null;
  visibility: string;
}

/** An item as it was read; `revision` is what a change of it is compared with. */
export interface StoredItem extends QueueItem {
  revision: number;
}

const CHUNK = 200;

/** `work`: the order's number, or in the call-back queue the call-back's id. */
const openKey = (work: string, queueId: QueueId) => `${queueId}:${work}`;

/** Rows of `queue_item`. Every change is one compare-and-set, so that however many nodes try, one wins. [I4] */
@Injectable()
export class ItemStore {
  async get(tx: ReadTx, itemId: string): Promise<StoredItem | undefined> {
    return this.first(await tx.all<ItemRow>('SELECT * FROM queue_item WHERE item_id = ?', [itemId]));
  }

  /** As `get`; nobody else changes the item until the transaction ends. */
  async lock(tx: Tx, itemId: string): Promise<StoredItem | undefined> {
    return this.first(await tx.all<ItemRow>(`SELECT * FROM queue_item WHERE item_id = ?${tx.forUpdate}`, [itemId]));
  }

  /** The item, not yet done, of an order (or, in the call-back queue, of a call-back); there is at most one in a queue. */
  async open(tx: ReadTx, work: string, queueId: QueueId): Promise<StoredItem | undefined> {
    return this.first(await tx.all<ItemRow>('SELECT * FROM queue_item WHERE open_key = ?', [openKey(work, queueId)]));
  }

  async heldBy(tx: ReadTx, seatId: string): Promise<StoredItem[]> {
    const rows = await tx.all<ItemRow>(
      `SELECT * FROM queue_item WHERE seat_id = ? AND state IN ('offered', 'claimed') ORDER BY item_id`,
      [seatId],
    );
    return rows.map(itemOf);
  }

  /** How much of each kind these seats have in hand. */
  async heldOf(tx: ReadTx, seatIds: readonly string[]): Promise<Map<string, Partial<Record<QueueId, number>>>> {
    const found = new Map<string, Partial<Record<QueueId, number>>>();
    for (let start = 0; start < seatIds.length; start += CHUNK) {
      const some = seatIds.slice(start, start + CHUNK);
      const rows = await tx.all<{ seat_id: string; queue_id: QueueId; held: number }>(
        `SELECT seat_id, queue_id, COUNT(*) AS held FROM queue_item
         WHERE seat_id IN (${some.map(() => '?').join(', ')}) AND state IN ('offered', 'claimed')
         GROUP BY seat_id, queue_id`,
        some,
      );
      for (const { seat_id, queue_id, held } of rows) found.set(seat_id, { ...found.get(seat_id), [queue_id]: held });
    }
    return found;
  }

  /** Whether any item waits in one of these queues: one statement, where `waiting` would need one for each. */
  async anyWaiting(tx: ReadTx, queueIds: readonly QueueId[]): Promise<boolean> {
    const found = await tx.one(
      `SELECT 1 AS waits FROM queue_item WHERE queue_id IN (${queueIds.map(() => '?').join(', ')}) AND state = 'queued'
       LIMIT 1`,
      queueIds,
    );
    return found !== undefined;
  }

  /** The queue's first waiting items, in the order of `byTurn`. */
  async waiting(tx: ReadTx, queueId: QueueId, limit: number): Promise<StoredItem[]> {
    const rows = await tx.all<ItemRow>(
      `SELECT * FROM queue_item WHERE queue_id = ? AND state = 'queued'
       ORDER BY turn, due_order, queued_at, item_id LIMIT ?`,
      [queueId, limit],
    );
    return rows.map(itemOf);
  }

  /** Every item that is not done. */
  async allOpen(tx: ReadTx): Promise<StoredItem[]> {
    return (await tx.all<ItemRow>('SELECT * FROM queue_item WHERE open_key IS NOT NULL')).map(itemOf);
  }

  /** Answers false, and writes nothing, when the same work has an open item in this queue already. */
  async add(tx: Tx, item: QueueItem): Promise<boolean> {
    return tx.insertIfAbsent('queue_item', {
      item_id: item.itemId,
      queue_id: item.queueId,
      order_no: item.orderNo,
      open_key: openKey(item.callbackId ?? item.orderNo!, item.queueId),
      callback_id: item.callbackId,
      needs: item.needs.length ? JSON.stringify(item.needs) : null,
      revision: 1,
      critical: item.critical ? 1 : 0,
      due_order: item.dueOrder,
      due_at: item.dueAt,
      amber_at: item.amberAt,
      overdue_at: item.overdueAt,
      queued_at: item.queuedAt,
      kind: item.kind,
      grade: item.grade,
      catalog_code: item.catalogCode,
      area_code: item.areaCode,
      visibility: item.visibility,
      return_reason: null,
      done_at: null,
      ...changing(item),
    });
  }

  /** Writes what a move has changed; false, and nothing written, when the item is no longer as `from`. */
  async change(
    tx: Tx,
    from: StoredItem,
    to: QueueItem,
    more: { reason?: string; doneAt?: number } = {},
  ): Promise<boolean> {
    const set: Record<string, SqlValue> = { ...changing(to), revision: from.revision + 1 };
    if (more.reason !== undefined) set.return_reason = more.reason;
    if (more.doneAt !== undefined) Object.assign(set, { done_at: more.doneAt, open_key: null });
    const columns = Object.keys(set);
    const changed = await tx.run(
      `UPDATE queue_item SET ${columns.map((column) => `${column} = ?`).join(', ')}
       WHERE item_id = ? AND state = ? AND revision = ?`,
      [...Object.values(set), from.itemId, from.state, from.revision],
    );
    return changed === 1;
  }

  /** As `change`, of the due alone: no move writes that, for patience may put it in another order at the same time. */
  async redue(tx: Tx, from: StoredItem, to: QueueItem): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE queue_item SET due_at = ?, amber_at = ?, overdue_at = ?, due_order = ?, revision = ?
       WHERE item_id = ? AND state = ? AND revision = ?`,
      [
        ...[to.dueAt, to.amberAt, to.overdueAt, to.dueOrder, from.revision + 1],
        ...[from.itemId, from.state, from.revision],
      ],
    );
    return changed === 1;
  }

  /** [RT11] `dueOrderOf` of everything that is not done. */
  async reorder(tx: Tx, patienceMs: number): Promise<void> {
    await tx.run(
      `UPDATE queue_item SET due_order = CASE
         WHEN due_at IS NULL THEN queued_at + ?
         WHEN due_at < queued_at - ? THEN queued_at - ?
         ELSE due_at END
       WHERE open_key IS NOT NULL`,
      [patienceMs, patienceMs, patienceMs],
    );
  }

  private first(rows: ItemRow[]): StoredItem | undefined {
    return rows[0] && itemOf(rows[0]);
  }
}

function changing(item: QueueItem): Record<string, SqlValue> {
  return {
    state: item.state,
    at_head: item.atHead ? 1 : 0,
    turn: turnOf(item),
    seat_id: item.seatId,
    offer_id: item.offerId,
    offer_ends_at: item.offerEndsAt,
    expired_seat_id: item.expiredSeatId,
    given_up_by: item.givenUpBy,
    given_up_at: item.givenUpAt,
    claimed_at: item.claimedAt,
  };
}

function itemOf(row: ItemRow): StoredItem {
  return {
    itemId: row.item_id,
    queueId: row.queue_id as QueueId,
    orderNo: row.order_no,
    state: row.state as StoredItem['state'],
    revision: row.revision,
    critical: row.critical === 1,
    atHead: row.at_head === 1,
    dueAt: row.due_at,
    amberAt: row.amber_at,
    overdueAt: row.overdue_at,
    dueOrder: row.due_order,
    queuedAt: row.queued_at,
    seatId: row.seat_id,
    offerId: row.offer_id,
    offerEndsAt: row.offer_ends_at,
    expiredSeatId: row.expired_seat_id,
    givenUpBy: row.given_up_by,
    givenUpAt: row.given_up_at,
    kind: row.kind as StoredItem['kind'],
    grade: row.grade as StoredItem['grade'],
    catalogCode: row.catalog_code,
    areaCode: row.area_code,
    visibility: row.visibility as StoredItem['visibility'],
    callbackId: row.callback_id,
    needs: row.needs === null ? [] : (JSON.parse(row.needs) as StoredItem['needs']),
    claimedAt: row.claimed_at,
  };
}
