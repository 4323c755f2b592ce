import { Injectable } from '@nestjs/common';
import type { ListGapCard, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

export type GapCause = ListGapCard['cause'];

/** As its row tells it: for the hub alone. What people see is `ShownGap`. */
export interface ListGap {
  gapId: string;
  /** The first order that met it. */
  orderNo: string;
  catalogCode: string | null;
  areaCode: string | null;
  cause: GapCause;
  openedAt: number;
  settledAt: number | null;
  settledBy: string | null;
  /** How it was settled, in words. Never in events or cards. */
  note: string | null;
}

/** A gap as its readers may see it: confidential orders only count, and what only they are about stays out [DG4]. */
export interface ShownGap extends Omit<ListGap, 'orderNo'> {
  orderNo: string | null;
  orderCount: number;
  /** The orders that are not confidential, in the order they came. */
  orderNos: string[];
}

interface GapRow {
  gap_id: string;
  order_no: string;
  catalog_code: string | null;
  area_code: string | null;
  cause: string;
  opened_at: number;
  settled_at: number | null;
  settled_by: string | null;
  note: string | null;
}

/** Rows of what the duty list could not answer. One open gap for each matter, area and cause [T10]. */
@Injectable()
export class ListGaps {
  /** Answers the open gap of the same matter, area and cause if there is one, with `opened: false`. */
  async open(
    tx: Tx,
    gap: Pick<ListGap, 'gapId' | 'orderNo' | 'catalogCode' | 'areaCode' | 'cause' | 'openedAt'>,
  ): Promise<{ gap: ListGap; opened: boolean; joined: boolean }> {
    const openKey = JSON.stringify([gap.catalogCode, gap.areaCode, gap.cause]);
    const opened = await tx.insertIfAbsent('list_gap', {
      gap_id: gap.gapId,
      order_no: gap.orderNo,
      catalog_code: gap.catalogCode,
      area_code: gap.areaCode,
      cause: gap.cause,
      open_key: openKey,
      opened_at: gap.openedAt,
      settled_at: null,
      settled_by: null,
      note: null,
    });
    // Until commit no other order joins: its card tells of all.
    const row = await tx.one<GapRow>(`SELECT * FROM list_gap WHERE open_key = ?${tx.forUpdate}`, [openKey]);
    if (!row) throw new Error('a gap that was just opened is not there');
    const joined = await tx.insertIfAbsent('list_gap_order', {
      gap_id: row.gap_id,
      order_no: gap.orderNo,
      joined_at: gap.openedAt,
    });
    return { gap: gapOf(row), opened, joined };
  }

  async find(tx: ReadTx, gapId: string): Promise<ListGap | undefined> {
    const row = await tx.one<GapRow>('SELECT * FROM list_gap WHERE gap_id = ?', [gapId]);
    return row && gapOf(row);
  }

  async settle(tx: Tx, gapId: string, by: string, note: string, now: number): Promise<void> {
    await tx.run('UPDATE list_gap SET open_key = NULL, settled_at = ?, settled_by = ?, note = ? WHERE gap_id = ?', [
      now,
      by,
      note,
      gapId,
    ]);
  }

  /** The gap as its readers may see it; `gap` as it was found. */
  async shown(tx: ReadTx, gap: ListGap): Promise<ShownGap> {
    const orders = await tx.all<{ order_no: string; visibility: Visibility | null }>(
      `SELECT g.order_no, o.visibility FROM list_gap_order g LEFT JOIN work_order o ON o.order_no = g.order_no
       WHERE g.gap_id = ? ORDER BY g.joined_at, g.order_no`,
      [gap.gapId],
    );
    const orderNos = orders.flatMap((row) => (row.visibility === 'confidential' ? [] : [row.order_no]));
    const about = orderNos.length ? gap : { catalogCode: null, areaCode: null };
    const { catalogCode, areaCode } = about;
    return { ...gap, catalogCode, areaCode, orderNo: orderNos[0] ?? null, orderCount: orders.length, orderNos };
  }

  /** Oldest first. */
  async openOnes(tx: ReadTx): Promise<ListGap[]> {
    const rows = await tx.all<GapRow>('SELECT * FROM list_gap WHERE open_key IS NOT NULL ORDER BY opened_at, gap_id');
    return rows.map(gapOf);
  }

  async card(tx: ReadTx, gap: ListGap): Promise<ListGapCard> {
    const { gapId, orderNo, orderCount, catalogCode, areaCode, cause, openedAt } = await this.shown(tx, gap);
    return { gapId, orderNo, orderCount, catalogCode, areaCode, cause, openedAt };
  }
}

const gapOf = (row: GapRow): ListGap => ({
  gapId: row.gap_id,
  orderNo: row.order_no,
  catalogCode: row.catalog_code,
  areaCode: row.area_code,
  cause: row.cause as GapCause,
  openedAt: row.opened_at,
  settledAt: row.settled_at,
  settledBy: row.settled_by,
  note: row.note,
});
