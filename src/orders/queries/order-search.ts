import { Injectable } from '@nestjs/common';
import type { OrderPage, OrderStage } from '@minqing-hub/client-sdk/protocol';
import { ReplicaReads } from '../../commands/replica-reads.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import type { Actor } from '../../identity/actor.js';
import { ReadModel, type ReadTx } from '../../storage/unit-of-work.js';
import { orderOf, ORDERS_AND_REQUESTS, SUMMARY_COLUMNS, summariesOf, type SummaryRow } from './order-rows.js';
import { outsideSummary } from './outside-view.js';
import { type Condition, readAsFiler, readsAll, visibleTo } from './visible-orders.js';

export interface OrderQuery {
  states: readonly OrderStage[];
  /** Lead, assist, or a unit above them. */
  unitId: string | undefined;
  channel: string | undefined;
  /** Registered from … up to, not including; ms UTC. */
  from: number | undefined;
  to: number | undefined;
  /** Pages go on below this order number. */
  before: string | undefined;
  limit: number;
}

/** Counting goes no further: nobody pages that far, and it would cost more than the page itself. */
const COUNTED = 10_000;

/** Lists of orders, newest first. Order numbers are given in the order of time, so they are the pages' cursor. */
@Injectable()
export class OrderSearch {
  constructor(
    private readonly readModel: ReadModel,
    private readonly replicaReads: ReplicaReads,
    private readonly deadlines: DeadlineLedger,
  ) {}

  page(actor: Actor, query: OrderQuery): Promise<OrderPage> {
    const read = async (tx: ReadTx): Promise<OrderPage> => {
      const conditions = [visibleTo(actor), ...filters(query)];
      const rows = await this.rows(
        tx,
        query.before ? [...conditions, below(query.before)] : conditions,
        query.limit + 1,
      );
      const shown = rows.slice(0, query.limit);
      const asFiler = await readAsFiler(tx, actor, shown.map(orderOf));
      const items = (await summariesOf(tx, this.deadlines, shown)).map((summary) =>
        asFiler.has(summary.orderNo) ? outsideSummary(summary) : summary,
      );
      const last = rows.length > query.limit ? items.at(-1) : undefined;
      return { items, next: last ? cursorOf(last.orderNo) : null, ...(await this.total(tx, conditions)) };
    };
    return readsAll(actor) ? this.replicaReads.run(actor, read) : this.readModel.run(read);
  }

  private rows(tx: ReadTx, conditions: Condition[], limit: number): Promise<SummaryRow[]> {
    const { sql, params } = all(conditions);
    return tx.all<SummaryRow>(
      `SELECT ${SUMMARY_COLUMNS} FROM ${ORDERS_AND_REQUESTS} WHERE ${sql} ORDER BY o.order_no DESC LIMIT ?`,
      [...params, limit],
    );
  }

  private async total(tx: ReadTx, conditions: Condition[]): Promise<{ total: number } | { totalAtLeast: number }> {
    const { sql, params } = all(conditions);
    const row = await tx.one<{ found: number }>(
      `SELECT COUNT(*) AS found FROM (SELECT o.order_no FROM ${ORDERS_AND_REQUESTS} WHERE ${sql} LIMIT ?) counted`,
      [...params, COUNTED + 1],
    );
    return row!.found > COUNTED ? { totalAtLeast: COUNTED } : { total: row!.found };
  }
}

export const cursorOf = (orderNo: string): string => Buffer.from(orderNo).toString('base64url');

/** `undefined`: not a cursor that the hub gave out. */
export function orderNoOf(cursor: string): string | undefined {
  const orderNo = Buffer.from(cursor, 'base64url').toString();
  return /^GD\d{8}-\d{6,12}$/.test(orderNo) ? orderNo : undefined;
}

const below = (orderNo: string): Condition => ({ sql: 'o.order_no < ?', params: [orderNo] });

const all = (conditions: Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => sql).join(' AND '),
  params: conditions.flatMap(({ params }) => params),
});

function filters({ states, unitId, channel, from, to }: OrderQuery): Condition[] {
  const found: Condition[] = [];
  if (states.length) found.push({ sql: `o.state IN (${states.map(() => '?').join(', ')})`, params: [...states] });
  if (unitId !== undefined) {
    found.push({ sql: 'o.order_no IN (SELECT order_no FROM order_reader WHERE unit_id = ?)', params: [unitId] });
  }
  if (channel !== undefined) found.push({ sql: 'o.channel = ?', params: [channel] });
  if (from !== undefined) found.push({ sql: 'o.registered_at >= ?', params: [from] });
  if (to !== undefined) found.push({ sql: 'o.registered_at < ?', params: [to] });
  return found;
}
