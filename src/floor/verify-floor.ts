import type { Card, EventType, Presence, QueueId } from '@minqing-hub/client-sdk/protocol';
import { type FloorEvent, itemShown } from '../domain/floor/floor-event.js';
import { PRESENCES } from '../domain/floor/floor-tally.js';
import { Recount } from '../domain/floor/recount.js';
import { QUEUE_IDS } from '../domain/queue/queues-of.js';
import type { ReadModel, ReadTx, Row } from '../storage/unit-of-work.js';

/** Rows in memory at a time. */
const BATCH = 1_000;
const KEPT = 50;

export interface FloorReport {
  items: number;
  seats: number;
  /** All that does not agree, counted; `first` tells at most `KEPT` of it: what and how, one sentence each, Chinese. */
  findings: number;
  first: string[];
}

/**
 * Adds up the whole log [FL4] and holds the rows of queues and seats against it: every open item, every finished one,
 * every seat and what it has in hand, and the numbers that the floor shows. In one consistent view; changes nothing.
 */
export function verifyFloor(readModel: ReadModel): Promise<FloorReport> {
  return readModel.run((tx) => new FloorVerification(tx).run());
}

/** What a card says and a row says too, under its own name; of truth values and lists as the row keeps them. */
const ITEM_COLUMNS: Record<string, (row: Row) => unknown> = {
  queueId: (row) => row.queue_id,
  orderNo: (row) => row.order_no,
  callbackId: (row) => row.callback_id,
  state: (row) => row.state,
  critical: (row) => row.critical === 1,
  dueAt: (row) => row.due_at,
  amberAt: (row) => row.amber_at,
  overdueAt: (row) => row.overdue_at,
  queuedAt: (row) => row.queued_at,
  seatId: (row) => row.seat_id,
  offerEndsAt: (row) => row.offer_ends_at,
  visibility: (row) => row.visibility,
  atHead: (row) => row.at_head === 1,
};
const SEAT_COLUMNS: Record<string, (row: Row) => unknown> = {
  userId: (row) => row.user_id,
  presence: (row) => row.presence,
  presenceSince: (row) => row.presence_since,
  presenceUntil: (row) => row.presence_until,
  signedOnAt: (row) => row.signed_on_at,
  shiftId: (row) => row.shift_id,
  shiftEndsAt: (row) => row.shift_ends_at,
  listensTo: (row) => row.listens_to,
};

interface EventRow {
  type: EventType;
  at: number;
  card: string;
}

const OF_THE_FLOOR = `e.card IS NOT NULL AND (e.subject LIKE 'item:%' OR e.subject LIKE 'seat:%')`;

class FloorVerification {
  private readonly recount = new Recount();
  private readonly finished = new Set<string>();
  private readonly first: string[] = [];
  private findings = 0;

  constructor(private readonly tx: ReadTx) {}

  async run(): Promise<FloorReport> {
    await this.addUp();
    const items = await this.verifyItems();
    const seats = await this.verifySeats();
    return { items, seats, findings: this.findings, first: this.first };
  }

  private async addUp(): Promise<void> {
    for (let seq = 0; ;) {
      const rows = await this.tx.all<EventRow & { seq: number }>(
        `SELECT p.seq, e.type, e.at, e.card FROM event_place p JOIN event e ON e.id = p.event_row
         WHERE p.seq > ? AND ${OF_THE_FLOOR} ORDER BY p.seq LIMIT ${BATCH}`,
        [seq],
      );
      for (const row of rows) this.add(row);
      if (rows.length < BATCH) break;
      seq = rows.at(-1)!.seq;
    }
    // What has been committed a moment ago may have no place yet.
    const untold = await this.tx.all<EventRow>(
      `SELECT e.type, e.at, e.card FROM event e WHERE e.placed = 0 AND ${OF_THE_FLOOR} ORDER BY e.id`,
    );
    for (const row of untold) this.add(row);
  }

  private add({ type, at, card }: EventRow): void {
    const event: FloorEvent = { type, at, card: JSON.parse(card) as Card };
    this.recount.add(event);
    const item = itemShown(event);
    if (item && type === 'queue.item_done') this.finished.add(item.itemId);
  }

  private async verifyItems(): Promise<number> {
    const seen = new Set<string>();
    const waiting: Partial<Record<QueueId, number>> = {};
    for await (const row of this.byKey('queue_item', 'item_id')) {
      const itemId = row.item_id as string;
      const card = this.recount.items.get(itemId);
      seen.add(itemId);
      if (row.state === 'queued') waiting[row.queue_id as QueueId] = (waiting[row.queue_id as QueueId] ?? 0) + 1;
      if (row.state === 'done') {
        if (!this.finished.has(itemId)) this.find(`item:${itemId}`, '记录为办完，日志没有办完的事件');
      } else if (this.finished.has(itemId)) this.find(`item:${itemId}`, '日志为办完，记录仍未办完');
      else if (!card) this.find(`item:${itemId}`, '有记录而日志没有提到');
      else this.compare(`item:${itemId}`, card as unknown as Row, row, ITEM_COLUMNS);
    }
    for (const itemId of [...this.recount.items.keys(), ...this.finished]) {
      if (!seen.has(itemId)) this.find(`item:${itemId}`, '日志提到而没有记录');
    }
    // At no particular time and by no rule: those numbers only, which rest on nothing but the items.
    const { queues } = this.recount.numbers(0, { percent: 0, atLeastMs: 0 });
    for (const queueId of QUEUE_IDS) {
      if (queues[queueId].waiting === (waiting[queueId] ?? 0)) continue;
      this.find(`queue:${queueId}`, `按日志有 ${queues[queueId].waiting} 件等待，记录有 ${waiting[queueId] ?? 0} 件`);
    }
    return seen.size;
  }

  private async verifySeats(): Promise<number> {
    const seen = new Set<string>();
    const byPresence: Partial<Record<Presence, number>> = {};
    for await (const row of this.byKey('seat', 'seat_id')) {
      const seatId = row.seat_id as string;
      const card = this.recount.seats.get(seatId);
      const presence = row.presence as Presence;
      // A seat where nobody has been yet is told of by no event.
      if (!card && presence === 'offline' && row.held === 0) continue;
      seen.add(seatId);
      byPresence[presence] = (byPresence[presence] ?? 0) + 1;
      if (!card) {
        this.find(`seat:${seatId}`, '有记录而日志没有提到');
        continue;
      }
      this.compare(`seat:${seatId}`, card as unknown as Row, row, SEAT_COLUMNS);
      const held = [...this.recount.items.values()].filter((item) => item.seatId === seatId).length;
      if (held !== row.held) this.find(`seat:${seatId}`, `按日志手中有 ${held} 件，记录有 ${String(row.held)} 件`);
    }
    for (const seatId of this.recount.seats.keys()) {
      if (!seen.has(seatId)) this.find(`seat:${seatId}`, '日志提到而没有记录');
    }
    const { seats } = this.recount.numbers(0, { percent: 0, atLeastMs: 0 });
    for (const presence of PRESENCES) {
      if (seats[presence] === (byPresence[presence] ?? 0)) continue;
      this.find('floor', `按日志有 ${seats[presence]} 个座席为 ${presence}，记录有 ${byPresence[presence] ?? 0} 个`);
    }
    return seen.size;
  }

  /** A card of an older form lacks some fields: it says nothing of them. */
  private compare(key: string, card: Row, row: Row, columns: Record<string, (row: Row) => unknown>): void {
    const differing = Object.entries(columns)
      .filter(([field, of]) => field in card && card[field] !== of(row))
      .map(([field]) => field);
    if (differing.length) this.find(key, `${differing.join('、')} 与日志不同`);
  }

  private async *byKey(table: string, key: string): AsyncGenerator<Row> {
    for (let after = ''; ;) {
      const rows = await this.tx.all<Row>(`SELECT * FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${BATCH}`, [
        after,
      ]);
      yield* rows;
      if (rows.length < BATCH) return;
      after = rows.at(-1)![key] as string;
    }
  }

  private find(what: string, sentence: string): void {
    this.findings += 1;
    if (this.first.length < KEPT) this.first.push(`${what}：${sentence}`);
  }
}
