import { Injectable } from '@nestjs/common';
import type { Grade, Kind, Visibility, WhistleOrder } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { maskAddress } from '../domain/access/mask.js';
import type { Registration } from '../domain/order/order-event.js';
import type { Order } from '../domain/order/order.js';
import { seesRequester } from '../domain/order/sees-requester.js';
import type { UnitTree } from '../domain/lists/unit-tree.js';
import type { Result } from '../domain/result.js';
import { linkedOrder } from '../domain/whistle/linked-order.js';
import type { LinkedOrder } from '../domain/whistle/situation.js';
import type { Actor } from '../identity/actor.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { OrderClocks, subjectOf } from './order-clocks.js';
import { OrderDesk } from './order-desk.js';
import { ORDERS_AND_REQUESTS } from './queries/order-rows.js';
import { visibleTo } from './queries/visible-orders.js';

export interface WorkFacts {
  kind: Kind | null;
  grade: Grade;
  catalogCode: string | null;
  areaCode: string | null;
  visibility: Visibility;
  dialect: string | null;
}

/** What other features ask of orders, inside their own transaction. */
@Injectable()
export class OrderBook {
  constructor(
    private readonly desk: OrderDesk,
    private readonly clocks: OrderClocks,
  ) {}

  /** [T1] The order begins, waits in its queue (in the seat's own hands when a seat took it down), and the log says so. */
  async open(
    context: CommandContext,
    registration: Registration & { orderNo: string },
  ): Promise<Result<{ version: number }>> {
    return this.desk.carryOut(context, { name: 'register', ...registration });
  }

  /** What a whistle asks of each of these orders that there is. Locked until commit: none ends meanwhile. [T20] */
  async forWhistle(context: CommandContext, orderNos: readonly string[], units: UnitTree): Promise<LinkedOrder[]> {
    const orders = await this.desk.loadAll(context, orderNos.map(subjectOf));
    const deadlines = await this.clocks.ofAll(context, orders);
    const { actor } = context;
    return orders.map((order) => linkedOrder(order, deadlines.get(order.orderNo) ?? [], { actor, units }));
  }

  /** What these orders are about, for somebody who takes part in a whistle about them: never who asked. */
  async matters(tx: ReadTx, actor: Actor, orderNos: readonly string[]): Promise<WhistleOrder[]> {
    return Promise.all(orderNos.map((orderNo) => this.matter(tx, actor, orderNo)));
  }

  /** [DG4] Of a confidential one only who may read it learns more than that there is one. */
  private async matter(tx: ReadTx, actor: Actor, orderNo: string): Promise<WhistleOrder> {
    const row = await tx.one<{ title: string; text: string; address: string | null; visibility: Visibility }>(
      `SELECT r.title, r.body AS text, p.address, o.visibility
       FROM ${ORDERS_AND_REQUESTS} LEFT JOIN requester p ON p.request_no = r.request_no WHERE o.order_no = ?`,
      [orderNo],
    );
    const handling = (await this.clocks.of({ tx }, orderNo)).find(
      ({ clock, state }) => clock === 'HANDLING' && state === 'running',
    );
    const whole = { orderNo, handlingDueAt: handling?.dueAt ?? null };
    if (!row || (row.visibility === 'confidential' && !(await this.mayRead(tx, actor, orderNo)))) {
      return { ...whole, title: null, text: null, address: null };
    }
    return { ...whole, title: row.title, text: row.text, address: row.address && maskAddress(row.address) };
  }

  /** The unit that leads it; `null`: none does. */
  async leadUnitId(tx: ReadTx, orderNo: string): Promise<string | null> {
    const row = await tx.one<{ unit_id: string | null }>('SELECT unit_id FROM work_order WHERE order_no = ?', [
      orderNo,
    ]);
    return row?.unit_id ?? null;
  }

  /** How much of who asked the actor may see [DG1]. */
  async seesRequester(context: CommandContext, orderNo: string): Promise<ReturnType<typeof seesRequester>> {
    const order = await this.desk.load(context, orderNo);
    return seesRequester(order, await this.desk.circumstances(context, order));
  }

  /** What a queue must know of the order for work that belongs to it. @throws when there is no such order */
  async workFacts(tx: ReadTx, orderNo: string): Promise<WorkFacts> {
    const row = await tx.one<{ body: string }>('SELECT body FROM work_order WHERE order_no = ?', [orderNo]);
    if (!row) throw new Error(`no order ${orderNo}`);
    const { kind, grade, catalogCode, areaCode, visibility, dialect = null } = JSON.parse(row.body) as Order;
    return { kind, grade, catalogCode, areaCode, visibility, dialect };
  }

  /** Whom to call about it, in clear: only for who may speak with them. `null`: nobody said, or it was erased. */
  async requesterPhone(tx: ReadTx, orderNo: string): Promise<string | null> {
    const row = await tx.one<{ phone: string | null }>(
      `SELECT p.phone FROM citizen_request r JOIN requester p ON p.request_no = r.request_no WHERE r.order_no = ?`,
      [orderNo],
    );
    return row?.phone ?? null;
  }

  /** Whether the actor reads it, the requester's own view included [I6]. */
  async mayRead(tx: ReadTx, actor: Actor, orderNo: string): Promise<boolean> {
    const visible = visibleTo(actor);
    const row = await tx.one(`SELECT o.order_no FROM ${ORDERS_AND_REQUESTS} WHERE o.order_no = ? AND ${visible.sql}`, [
      orderNo,
      ...visible.params,
    ]);
    return row !== undefined;
  }

  /** @throws when there is no such order */
  async requestNo(tx: ReadTx, orderNo: string): Promise<string> {
    const row = await tx.one<{ request_no: string }>('SELECT request_no FROM work_order WHERE order_no = ?', [orderNo]);
    if (!row) throw new Error(`no order ${orderNo}`);
    return row.request_no;
  }

  /** @throws when there is no such order */
  async version(tx: ReadTx, orderNo: string): Promise<number> {
    const row = await tx.one<{ version: number }>('SELECT version FROM work_order WHERE order_no = ?', [orderNo]);
    if (!row) throw new Error(`no order ${orderNo}`);
    return row.version;
  }
}
