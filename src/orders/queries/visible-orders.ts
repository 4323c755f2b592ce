import { READS, readsAsFiler } from '../../domain/access/may-read-order.js';
import type { Order } from '../../domain/order/order.js';
import type { Actor } from '../../identity/actor.js';
import type { ReadTx, SqlValue } from '../../storage/unit-of-work.js';

/** A piece of a WHERE clause over `work_order o JOIN citizen_request r`. */
export interface Condition {
  sql: string;
  params: SqlValue[];
}

/** Whatever order there is. */
export const readsAll = ({ roles }: Actor): boolean => roles.some((role) => READS[role] === 'all');

/**
 * The orders that the actor may read, as the database can find them: the same rule as `mayReadOrder` [I6], and beside
 * it what the actor's seat has in hand, so that who works on a confidential order sees what it is about.
 */
export function visibleTo(actor: Actor): Condition {
  const reads = new Set(actor.roles.map((role) => READS[role]));
  if (readsAll(actor)) return { sql: '1 = 1', params: [] };

  const ways: Condition[] = [ownOrders(actor, reads.has('open'))];
  if (reads.has('open')) ways.push({ sql: `o.visibility <> 'confidential'`, params: [] });
  if (reads.has('unit') && actor.unitId !== null) {
    ways.push({ sql: 'o.order_no IN (SELECT order_no FROM order_reader WHERE unit_id = ?)', params: [actor.unitId] });
  }
  if (actor.seatId !== undefined) {
    ways.push({
      sql: `o.order_no IN (SELECT order_no FROM queue_item WHERE seat_id = ? AND state = 'claimed')`,
      params: [actor.seatId],
    });
  }
  return { sql: `(${ways.map(({ sql }) => sql).join(' OR ')})`, params: ways.flatMap(({ params }) => params) };
}

/** Which of these orders, all visible to the actor, they read only because they filed them: see `readsAsFiler`. */
export async function readAsFiler(tx: ReadTx, actor: Actor, orders: readonly Order[]): Promise<Set<string>> {
  const found = new Set<string>();
  // Who reads by a right that no unit gives them needs no look at the units.
  if (!readsAsFiler(actor, { unitIds: [], visibility: 'internal' })) return found;
  const own = orders.filter(({ registeredBy }) => registeredBy === actor.userId);
  for (const { orderNo, visibility } of own) {
    const rows = await tx.all<{ unit_id: string }>('SELECT unit_id FROM order_reader WHERE order_no = ?', [orderNo]);
    if (readsAsFiler(actor, { unitIds: rows.map((row) => row.unit_id), visibility })) found.add(orderNo);
  }
  return found;
}

/** Whoever took an order down reads it; a confidential one only until the centre has taken it on. */
function ownOrders({ userId }: Actor, readsOpen: boolean): Condition {
  if (readsOpen) return { sql: `(o.state = 'registered' AND r.registered_by = ?)`, params: [userId] };
  return {
    sql: `(o.order_no IN (SELECT order_no FROM citizen_request WHERE registered_by = ?)
           AND (o.visibility <> 'confidential' OR o.state = 'registered'))`,
    params: [userId],
  };
}
