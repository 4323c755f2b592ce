import type { OrderSummary } from '@minqing-hub/client-sdk/protocol';
import type { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import { orderCard } from '../../domain/access/order-audience.js';
import type { Deadline } from '../../domain/clock/deadline.js';
import type { ReadTx } from '../../storage/unit-of-work.js';
import { deadlinesOf } from '../order-clocks.js';
import type { Order } from '../../domain/order/order.js';

export interface SummaryRow {
  request_no: string;
  title: string;
  body: string;
}

export const SUMMARY_COLUMNS = 'o.request_no, o.body, r.title';
export const ORDERS_AND_REQUESTS = 'work_order o JOIN citizen_request r ON r.request_no = o.request_no';

export const orderOf = (row: { body: string }): Order => JSON.parse(row.body) as Order;

export function summaryOf(row: SummaryRow, deadlines: readonly Deadline[]): OrderSummary {
  return { ...orderCard(orderOf(row), deadlines), requestNo: row.request_no, title: row.title };
}

export async function summariesOf(
  tx: ReadTx,
  ledger: DeadlineLedger,
  rows: readonly SummaryRow[],
): Promise<OrderSummary[]> {
  const orders = rows.map(orderOf);
  const deadlines = await deadlinesOf(tx, ledger, orders);
  return rows.map((row, i) => summaryOf(row, deadlines.get(orders[i]!.orderNo) ?? []));
}
