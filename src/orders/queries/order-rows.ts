import type { OrderSummary } from '@minqing-hub/client-sdk/protocol';
import { orderCard } from '../../domain/access/order-audience.js';
import type { Order } from '../../domain/order/order.js';

export interface SummaryRow {
  request_no: string;
  title: string;
  body: string;
}

export const SUMMARY_COLUMNS = 'o.request_no, o.body, r.title';
export const ORDERS_AND_REQUESTS = 'work_order o JOIN citizen_request r ON r.request_no = o.request_no';

export const orderOf = (row: { body: string }): Order => JSON.parse(row.body) as Order;

export function summaryOf(row: SummaryRow): OrderSummary {
  return { ...orderCard(orderOf(row)), requestNo: row.request_no, title: row.title };
}
