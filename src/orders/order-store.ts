import { Injectable } from '@nestjs/common';
import type { Order } from '../domain/order/order.js';
import { leadOf } from '../domain/order/order.js';
import { ACTIVE } from '../domain/order/stages.js';
import type { ReadTx, SqlValue, Tx } from '../storage/unit-of-work.js';

/** What a text in an order's file is. */
export type NoteType =
  | 'answer'
  | 'evidence'
  | 'refusal'
  | 'alternative_channel'
  | 'dispatch'
  | 'objection'
  | 'ruling'
  | 'contact'
  | 'progress'
  | 'escalation'
  | 'decline'
  | 'extension'
  | 'suspension'
  | 'resume'
  | 'question'
  | 'reply'
  | 'urge'
  | 'supervision'
  | 'repeated';

/** What somebody wrote. `public`: the requester may read it too. */
export interface Note {
  type: NoteType;
  text: string;
  public?: boolean;
}

/** Rows of `work_order`: the aggregate as JSON, and the columns that are searched. */
@Injectable()
export class OrderStore {
  async find(tx: ReadTx, orderNo: string): Promise<Order | null> {
    return bodyOf(await tx.one<{ body: string }>('SELECT body FROM work_order WHERE order_no = ?', [orderNo]));
  }

  /** As `find`; until commit nobody else changes it. */
  async lock(tx: Tx, orderNo: string): Promise<Order | null> {
    return bodyOf(
      await tx.one<{ body: string }>(`SELECT body FROM work_order WHERE order_no = ?${tx.forUpdate}`, [orderNo]),
    );
  }

  /** Those that there are, in the order of their numbers; until commit nobody else changes them. */
  async lockAll(tx: Tx, orderNos: readonly string[]): Promise<Order[]> {
    if (orderNos.length === 0) return [];
    const rows = await tx.all<{ body: string }>(
      `SELECT body FROM work_order WHERE order_no IN (${orderNos.map(() => '?').join(', ')})
       ORDER BY order_no${tx.forUpdate}`,
      orderNos,
    );
    return rows.map(({ body }) => JSON.parse(body) as Order);
  }

  /** Those of which something is still to be done, above `after`, lowest first. */
  async activeAfter(tx: ReadTx, after: string, limit: number): Promise<Order[]> {
    // Along the numbers, not by the index of states, or each portion would read and sort every order that is open.
    const rows = await tx.all<{ body: string }>(
      `SELECT body FROM work_order WHERE order_no > ? AND COALESCE(state, '') IN (${ACTIVE.map(() => '?').join(', ')})
       ORDER BY order_no LIMIT ?`,
      [after, ...ACTIVE, limit],
    );
    return rows.map(({ body }) => JSON.parse(body) as Order);
  }

  async insert(tx: Tx, order: Order): Promise<void> {
    await tx.insert('work_order', { order_no: order.orderNo, ...columnsOf(order) });
  }

  /** @throws when somebody else has changed it since `before` was read */
  async replace(tx: Tx, before: Order, after: Order): Promise<void> {
    const columns = columnsOf(after);
    const changed = await tx.run(
      `UPDATE work_order SET ${Object.keys(columns)
        .map((column) => `${column} = ?`)
        .join(', ')} WHERE order_no = ? AND version = ?`,
      [...Object.values(columns), before.orderNo, before.version],
    );
    if (changed !== 1) throw new Error(`order ${before.orderNo} was not at version ${before.version} any more`);
  }

  /** Numbers of orders above `afterOrderNo` that units may read, lowest first. */
  async readableByUnits(tx: ReadTx, afterOrderNo: string, limit: number): Promise<string[]> {
    const rows = await tx.all<{ order_no: string }>(
      'SELECT DISTINCT order_no FROM order_reader WHERE order_no > ? ORDER BY order_no LIMIT ?',
      [afterOrderNo, limit],
    );
    return rows.map((row) => row.order_no);
  }

  /** Names of the rooms that show the order's card now. */
  async rooms(tx: ReadTx, orderNo: string): Promise<string[]> {
    const rows = await tx.all<{ room: string }>('SELECT room FROM room_card WHERE card_key = ?', [`order:${orderNo}`]);
    return rows.map((row) => row.room);
  }

  /** Units whose lists show the order: those that may read it. Answers whether others did before. */
  async keepReaders(tx: Tx, orderNo: string, unitIds: readonly string[]): Promise<boolean> {
    const rows = await tx.all<{ unit_id: string }>('SELECT unit_id FROM order_reader WHERE order_no = ?', [orderNo]);
    const before = rows.map((row) => row.unit_id);
    const lost = before.filter((id) => !unitIds.includes(id));
    const gained = unitIds.filter((id) => !before.includes(id));
    for (const unitId of lost) {
      await tx.run('DELETE FROM order_reader WHERE unit_id = ? AND order_no = ?', [unitId, orderNo]);
    }
    for (const unitId of gained) await tx.insert('order_reader', { unit_id: unitId, order_no: orderNo });
    return lost.length + gained.length > 0;
  }

  /** `eventId`: the event that the texts belong to. */
  async addNotes(
    tx: Tx,
    about: { orderNo: string; eventId: string; at: number; actorId: string },
    notes: readonly Note[],
  ): Promise<void> {
    const rows = notes.map((note) => ({
      order_no: about.orderNo,
      event_id: about.eventId,
      type: note.type,
      body: note.text,
      is_public: note.public ? 1 : 0,
      at: about.at,
      actor_id: about.actorId,
    }));
    await tx.insertMany('order_note', rows);
  }
}

const bodyOf = (row: { body: string } | undefined): Order | null => (row ? (JSON.parse(row.body) as Order) : null);

/** What is searched, and the order itself. */
export function columnsOf(order: Order): Record<string, SqlValue> {
  return {
    request_no: order.requestNo,
    version: order.version,
    state: order.state,
    visibility: order.visibility,
    kind: order.kind,
    grade: order.grade,
    channel: order.channel,
    catalog_code: order.catalogCode,
    unit_id: leadOf(order)?.unitId ?? null,
    area_code: order.areaCode,
    registered_at: order.registeredAt,
    body: JSON.stringify(order),
  };
}
