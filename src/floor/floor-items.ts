import { Injectable } from '@nestjs/common';
import type { FloorItem, FloorItemPage, ItemState, QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { dayStart } from '../domain/calendar/day-start.js';
import type { AtRiskRule } from '../domain/floor/urgency.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import { ok, refuse, type Result } from '../domain/result.js';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';
import { FloorPolicy } from './floor-policy.js';
import { cursorOf, type FloorQuery, type Measure } from './floor-query.js';
import { after, all, type Condition } from './keyset.js';

interface ItemRow {
  item_id: string;
  queue_id: string;
  order_no: string | null;
  callback_id: string | null;
  state: string;
  critical: number;
  at_head: number;
  turn: number;
  due_order: number;
  due_at: number | null;
  amber_at: number | null;
  overdue_at: number | null;
  queued_at: number;
  seat_id: string | null;
  offer_ends_at: number | null;
  kind: string | null;
  grade: string;
  catalog_code: string | null;
  area_code: string | null;
  visibility: string;
  needs: string | null;
  done_at: number | null;
}

/** A measure as the database finds it, and the order in which its items are read. */
interface Listed {
  conditions: Condition[];
  order: (keyof ItemRow)[];
}

type OfItems = Exclude<Measure, 'expired'>;

/** The items behind a number of the floor: exactly those that it counts [FL6]. */
@Injectable()
export class FloorItems {
  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly policy: FloorPolicy,
  ) {}

  page(query: FloorQuery): Promise<Result<FloorItemPage>> {
    return this.readModel.run((tx) =>
      query.measure === 'expired' ? this.expired(tx, query) : this.items(tx, query, query.measure),
    );
  }

  private async items(tx: ReadTx, query: FloorQuery, measure: OfItems): Promise<Result<FloorItemPage>> {
    const { conditions, order } = listed(measure, this.clock.now(), this.policy.rules.atRisk);
    if (measure === 'handled') conditions.push(await sinceSignedOn(tx, query.seatId!));
    // Named all of them, the queues lead by index to what is open; what is done is many times that.
    const queues = query.queueId ? [query.queueId] : QUEUE_IDS;
    if (measure !== 'handled') conditions.push({ sql: `queue_id IN (${marks(queues)})`, params: [...queues] });
    else if (query.queueId) conditions.push({ sql: 'queue_id = ?', params: [query.queueId] });
    if (query.seatId) conditions.push({ sql: 'seat_id = ?', params: [query.seatId] });
    const rest = query.after && after(order, query.after);
    if (query.after && !rest) return wrongCursor;
    const found = all(conditions);
    const shown = all(rest ? [...conditions, rest] : conditions);
    const rows = await tx.all<ItemRow>(
      `SELECT * FROM queue_item WHERE ${shown.sql} ORDER BY ${order.join(', ')} LIMIT ?`,
      [...shown.params, query.limit + 1],
    );
    const total = await tx.one<{ n: number }>(`SELECT COUNT(*) AS n FROM queue_item WHERE ${found.sql}`, found.params);
    return ok(pageOf(rows, query.limit, total!.n, itemOf, (row) => order.map((column) => row[column]!)));
  }

  /** One entry for each offer that ended untaken; the same item may be there more than once. [FL3] */
  private async expired(tx: ReadTx, query: FloorQuery): Promise<Result<FloorItemPage>> {
    const conditions: Condition[] = [
      { sql: `e.type = 'queue.item_expired' AND e.at >= ?`, params: [dayStart(this.clock.now())] },
    ];
    // The log writes these as JSON of codes, in which nothing else can look like a field.
    const named = (field: string, value: string) => ({ sql: 'e.data LIKE ?', params: [`%"${field}":"${value}"%`] });
    if (query.queueId) conditions.push(named('queueId', query.queueId));
    if (query.seatId) conditions.push(named('seatId', query.seatId.replaceAll(/[%_"\\]/g, '')));
    const order = ['e.at', 'e.id'];
    const rest = query.after && after(order, query.after);
    if (query.after && !rest) return wrongCursor;
    const found = all(conditions);
    const shown = all(rest ? [...conditions, rest] : conditions);
    const from = 'FROM event e JOIN event_place p ON p.event_row = e.id';
    const rows = await tx.all<{ id: number; at: number; data: string; card: string }>(
      `SELECT e.id, e.at, e.data, e.card ${from} WHERE ${shown.sql} ORDER BY e.at, e.id LIMIT ?`,
      [...shown.params, query.limit + 1],
    );
    const total = await tx.one<{ n: number }>(`SELECT COUNT(*) AS n ${from} WHERE ${found.sql}`, found.params);
    const itemAt = ({ at, data, card }: { at: number; data: string; card: string }) => ({
      ...asShown({
        ...(JSON.parse(card) as QueueItemCard),
        seatId: (JSON.parse(data) as { seatId: string }).seatId,
      }),
      endedAt: at,
    });
    return ok(pageOf(rows, query.limit, total!.n, itemAt, (row) => [row.at, row.id]));
  }
}

const wrongCursor = refuse('payload_invalid', '分页标记无效，请从第一页重新查询', { field: 'cursor' });

const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ');

const open = (sql: string, params: Condition['params'] = []): Condition => ({
  sql: `state IN ('queued', 'offered', 'claimed') AND ${sql}`,
  params,
});

const inState = (...states: ItemState[]): Condition => ({ sql: `state IN (${marks(states)})`, params: states });

function listed(measure: OfItems, now: number, rule: AtRiskRule): Listed {
  switch (measure) {
    case 'waiting':
      return { conditions: [inState('queued')], order: ['turn', 'due_order', 'queued_at', 'item_id'] };
    case 'offered':
    case 'claimed':
      return { conditions: [inState(measure)], order: ['queued_at', 'item_id'] };
    case 'held':
      return { conditions: [inState('offered', 'claimed')], order: ['queued_at', 'item_id'] };
    case 'breached':
      return { conditions: [open('due_at <= ?', [now])], order: ['due_at', 'item_id'] };
    case 'at_risk':
      // As `urgencyOf` [FL2], in whole numbers, so that no engine rounds.
      return {
        conditions: [
          open('due_at > ? AND (due_at - ? <= ? OR (due_at - ?) * 100 <= ? * (due_at - queued_at))', [
            ...[now, now, rule.atLeastMs, now, rule.percent],
          ]),
        ],
        order: ['due_at', 'item_id'],
      };
    case 'handled':
      return { conditions: [{ sql: HANDLED, params: [] }], order: ['done_at', 'item_id'] };
  }
}

/** Done by the seat that had it in hand; what was done while nobody had claimed it was not handled. */
export const HANDLED = `state = 'done' AND claimed_at IS NOT NULL`;

async function sinceSignedOn(tx: ReadTx, seatId: string): Promise<Condition> {
  const seat = await tx.one<{ signed_on_at: number | null }>('SELECT signed_on_at FROM seat WHERE seat_id = ?', [
    seatId,
  ]);
  const since = seat?.signed_on_at ?? null;
  return since === null ? { sql: '1 = 0', params: [] } : { sql: 'done_at >= ?', params: [since] };
}

function pageOf<R>(
  rows: R[],
  limit: number,
  total: number,
  shownAs: (row: R) => FloorItem,
  place: (row: R) => (number | string)[],
): FloorItemPage {
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(shownAs),
    next: rows.length > limit ? cursorOf(place(shown.at(-1)!)) : null,
    total,
  };
}

function itemOf(row: ItemRow): FloorItem {
  const card: QueueItemCard = {
    itemId: row.item_id,
    queueId: row.queue_id as QueueItemCard['queueId'],
    orderNo: row.order_no,
    callbackId: row.callback_id,
    // What is done was claimed until then.
    state: row.state === 'done' ? 'claimed' : (row.state as QueueItemCard['state']),
    critical: row.critical === 1,
    dueAt: row.due_at,
    amberAt: row.amber_at,
    overdueAt: row.overdue_at,
    queuedAt: row.queued_at,
    seatId: row.seat_id,
    offerEndsAt: row.offer_ends_at,
    kind: row.kind as QueueItemCard['kind'],
    grade: row.grade as QueueItemCard['grade'],
    catalogCode: row.catalog_code,
    areaCode: row.area_code,
    visibility: row.visibility as QueueItemCard['visibility'],
    needs: row.needs === null ? [] : (JSON.parse(row.needs) as QueueItemCard['needs']),
    atHead: row.at_head === 1,
  };
  return row.done_at === null ? asShown(card) : { ...asShown(card), endedAt: row.done_at };
}

/** [DG4] The floor is a shared place: who reads the whole order looks at the order. */
const asShown = (item: QueueItemCard): FloorItem =>
  item.visibility === 'confidential' ? { ...item, kind: null, catalogCode: null, areaCode: null, needs: [] } : item;
