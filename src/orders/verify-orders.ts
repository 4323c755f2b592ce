import { isDeepStrictEqual } from 'node:util';
import { fold } from '../domain/order/evolve.js';
import type { OrderEvent } from '../domain/order/order-event.js';
import { TRANSITIONS } from '../domain/order/transitions.js';
import type { OrderReaders } from '../domain/access/audience.js';
import { EVENT_COLUMNS, type EventRow, type LoggedEvent, loggedEvent } from '../event-log/logged-event.js';
import type { ReadModel, ReadTx } from '../storage/unit-of-work.js';
import { columnsOf } from './order-store.js';

/** Orders in memory at a time, with all their events. */
const BATCH = 100;
const KEPT = 50;

export interface OrdersReport {
  orders: number;
  /** All that does not agree, counted; `first` tells at most `KEPT` of it: what and how, one sentence each, Chinese. */
  findings: number;
  first: string[];
}

/**
 * Holds every order against the fold of its events [I8]: the stored order byte for byte, the columns that are searched,
 * and who may read it. In one consistent view; changes nothing.
 */
export function verifyOrders(readModel: ReadModel): Promise<OrdersReport> {
  return readModel.run((tx) => new OrdersVerification(tx).run());
}

/** What moves an order. Others stand under its subject too: who looked at its requester, who reads it now. */
const MOVING: ReadonlySet<string> = new Set(TRANSITIONS.map(({ event }) => event));

type OrderRow = Record<string, unknown> & { order_no: string };

class OrdersVerification {
  private readonly report: OrdersReport = { orders: 0, findings: 0, first: [] };

  constructor(private readonly tx: ReadTx) {}

  async run(): Promise<OrdersReport> {
    for (let after = ''; ;) {
      const rows = await this.tx.all<OrderRow>(
        `SELECT * FROM work_order WHERE order_no > ? ORDER BY order_no LIMIT ${BATCH}`,
        [after],
      );
      if (rows.length > 0) await this.verify(rows);
      if (rows.length < BATCH) break;
      after = rows.at(-1)!.order_no;
    }
    await this.findLost();
    return this.report;
  }

  private async verify(rows: readonly OrderRow[]): Promise<void> {
    const numbers = rows.map((row) => row.order_no);
    const marks = numbers.map(() => '?').join(', ');
    const subjects = numbers.map((no) => `order:${no}`);
    const events = await this.tx.all<EventRow>(
      // What has been committed a moment ago may have no place yet.
      `SELECT p.seq, ${EVENT_COLUMNS} FROM event e LEFT JOIN event_place p ON p.event_row = e.id
       WHERE e.subject IN (${marks}) ORDER BY p.seq IS NULL, p.seq, e.id`,
      subjects,
    );
    const readers = await this.tx.all<{ order_no: string; unit_id: string }>(
      `SELECT order_no, unit_id FROM order_reader WHERE order_no IN (${marks})`,
      numbers,
    );
    const told = await this.tx.all<{ subject: string; readers: string }>(
      `SELECT subject, readers FROM subject_readers WHERE subject IN (${marks})`,
      subjects,
    );
    const eventsOf = grouped(events.map(loggedEvent), ({ subject }) => subject);
    const unitsOf = grouped(readers, (row) => row.order_no);
    const toldOf = new Map(told.map((row) => [row.subject, JSON.parse(row.readers) as OrderReaders]));
    for (const row of rows) {
      this.report.orders += 1;
      const subject = `order:${row.order_no}`;
      const mine = eventsOf.get(subject) ?? [];
      this.verifyOrder(row, mine);
      this.verifyReaders(row, mine, {
        units: (unitsOf.get(row.order_no) ?? []).map(({ unit_id }) => unit_id),
        told: toldOf.get(subject),
      });
    }
  }

  private verifyOrder(row: OrderRow, events: readonly LoggedEvent[]): void {
    const no = row.order_no;
    const order = fold(events.filter(({ type }) => MOVING.has(type)).map(orderEvent));
    if (!order) return this.find(no, '有记录而日志没有登记');
    // As stored: what is absent is left out.
    const expected: unknown = JSON.parse(JSON.stringify(order));
    const stored = JSON.parse(row.body as string) as Record<string, unknown>;
    for (const name of new Set([...Object.keys(expected as object), ...Object.keys(stored)])) {
      const should = (expected as Record<string, unknown>)[name];
      if (!isDeepStrictEqual(should, stored[name])) this.find(no, `${name} 与日志累加的结果不同`);
    }
    for (const [column, value] of Object.entries(columnsOf(order))) {
      if (column !== 'body' && row[column] !== value) this.find(no, `列 ${column} 与日志累加的结果不同`);
    }
  }

  /** The last event that says who may read it says so until the next one. */
  private verifyReaders(
    row: OrderRow,
    events: readonly LoggedEvent[],
    stored: { units: string[]; told: OrderReaders | undefined },
  ): void {
    const readers = events.findLast(({ audience }) => audience.readers)?.audience.readers;
    if (!readers) return;
    if (!isDeepStrictEqual([...readers.unitIds].sort(), stored.units.sort())) {
      this.find(row.order_no, '可读的单位与日志不同');
    }
    if (!isDeepStrictEqual(readers, stored.told)) this.find(row.order_no, '可读的人员与日志不同');
  }

  private async findLost(): Promise<void> {
    const lost = await this.tx.all<{ subject: string }>(
      `SELECT e.subject FROM event e WHERE e.type = 'order.registered'
       AND NOT EXISTS (SELECT 1 FROM work_order w WHERE w.order_no = SUBSTR(e.subject, 7))`,
    );
    for (const { subject } of lost) this.find(subject.slice('order:'.length), '日志登记过而没有记录');
    const strays = await this.tx.all<{ order_no: string }>(
      `SELECT DISTINCT r.order_no FROM order_reader r
       WHERE NOT EXISTS (SELECT 1 FROM work_order w WHERE w.order_no = r.order_no)`,
    );
    for (const { order_no } of strays) this.find(order_no, '有可读的单位而没有这件工单');
  }

  private find(orderNo: string, sentence: string): void {
    this.report.findings += 1;
    if (this.report.first.length < KEPT) this.report.first.push(`${orderNo}：${sentence}`);
  }
}

function orderEvent({ type, version, at, actorId, data }: LoggedEvent): OrderEvent {
  const { orderNo, ...facts } = data;
  return { type, orderNo, version, at, actorId, facts } as OrderEvent;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
