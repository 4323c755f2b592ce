import { Injectable } from '@nestjs/common';
import type { CallerHistory, OrderSummary, Role } from '@minqing-hub/client-sdk/protocol';
import { KeyedDigest } from '../../commands/keyed-digest.js';
import { Clock } from '../../config/clock.js';
import { Policy } from '../../config/policy.js';
import { phoneText } from '../../domain/intake/digest-texts.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import type { Actor } from '../../identity/actor.js';
import { ReadModel, type ReadTx, type SqlValue } from '../../storage/unit-of-work.js';
import { ORDERS_AND_REQUESTS, SUMMARY_COLUMNS, summariesOf, type SummaryRow } from './order-rows.js';
import { visibleTo } from './visible-orders.js';

/** Who speaks with callers. */
export const MAY_ASK_FOR_CALLERS: readonly Role[] = ['agent', 'dispatcher', 'shift_leader'];

const SHOWN = 20;
const DAY_MS = 24 * 3_600_000;

/**
 * What an agent sees while the caller speaks: the caller's earlier orders, and what the neighbourhood reported
 * lately, so that the same matter is not taken down twice [AN8]. The phone is looked up by its digest and kept nowhere.
 */
@Injectable()
export class CallerOrders {
  constructor(
    private readonly readModel: ReadModel,
    private readonly digest: KeyedDigest,
    private readonly clock: Clock,
    private readonly policy: Policy,
    private readonly deadlines: DeadlineLedger,
  ) {}

  /** Without `areaCode` the neighbourhood is where the caller's latest order was. */
  of(actor: Actor, phone: string, areaCode: string | undefined): Promise<CallerHistory> {
    const { purpose, text } = phoneText(phone);
    return this.ofDigest(actor, this.digest.of(purpose, text), areaCode);
  }

  /** The same for a number of which only the digest is known. */
  ofDigest(actor: Actor, phoneDigest: string, areaCode: string | undefined): Promise<CallerHistory> {
    const since = this.clock.now() - this.policy.number('caller.neighbourhoodDays') * DAY_MS;
    return this.readModel.run(async (tx) => {
      const caller = await this.latest(
        tx,
        actor,
        'r.request_no IN (SELECT request_no FROM requester WHERE phone_digest = ?)',
        [phoneDigest],
      );
      const area = areaCode ?? caller.find((order) => order.areaCode !== null)?.areaCode ?? null;
      if (area === null) return { caller, neighbourhood: [] };
      const neighbourhood = await this.latest(
        tx,
        actor,
        `o.area_code = ? AND o.registered_at >= ? AND r.request_no NOT IN
         (SELECT request_no FROM requester WHERE phone_digest = ?)`,
        [area, since, phoneDigest],
      );
      return { caller, neighbourhood };
    });
  }

  private async latest(tx: ReadTx, actor: Actor, where: string, params: SqlValue[]): Promise<OrderSummary[]> {
    const visible = visibleTo(actor);
    const rows = await tx.all<SummaryRow>(
      `SELECT ${SUMMARY_COLUMNS} FROM ${ORDERS_AND_REQUESTS} WHERE ${where} AND ${visible.sql}
       ORDER BY o.order_no DESC LIMIT ?`,
      [...params, ...visible.params, SHOWN],
    );
    return summariesOf(tx, this.deadlines, rows);
  }
}
