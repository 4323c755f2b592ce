import { Injectable } from '@nestjs/common';
import type {
  TrailEntry,
  WhistleCard,
  WhistleDetail,
  WhistleMessages,
  WhistleNote,
  WhistleNoteType,
  WhistlePage,
} from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../../config/clock.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import { readsWhistles } from '../../domain/access/may-read-whistle.js';
import { whistleCard } from '../../domain/access/whistle-audience.js';
import type { Whistle } from '../../domain/whistle/whistle.js';
import { asSeenIn, EVENT_COLUMNS, type EventRow, loggedEvent } from '../../event-log/logged-event.js';
import type { Actor } from '../../identity/actor.js';
import { ListBook } from '../../lists/list-book.js';
import { OrderBook } from '../../orders/order-book.js';
import { ReadModel, type ReadTx, type SqlValue } from '../../storage/unit-of-work.js';
import { RoomMessages } from '../room-messages.js';
import { subjectOf } from '../whistle-desk.js';
import type { WhistleQuery } from './whistle-query.js';

/** A piece of a WHERE clause over `whistle w`. */
interface Condition {
  sql: string;
  params: SqlValue[];
}

/** Whistles, for who takes part in them and who is over all. What the caller may not see is not there [I6]. */
@Injectable()
export class WhistleReading {
  constructor(
    private readonly readModel: ReadModel,
    private readonly lists: ListBook,
    private readonly orders: OrderBook,
    private readonly deadlines: DeadlineLedger,
    private readonly clock: Clock,
    private readonly said: RoomMessages,
  ) {}

  /** The newest first. */
  page(actor: Actor, { stages, before, limit }: WhistleQuery): Promise<WhistlePage> {
    return this.readModel.run(async (tx) => {
      const visible = await this.visibleTo(tx, actor);
      const where = [visible.sql];
      const params = [...visible.params];
      if (stages.length > 0) {
        where.push(`w.stage IN (${stages.map(() => '?').join(', ')})`);
        params.push(...stages);
      }
      if (before !== null) {
        where.push('w.whistle_no < ?');
        params.push(before);
      }
      const rows = await tx.all<{ body: string }>(
        `SELECT w.body FROM whistle w WHERE ${where.join(' AND ')} ORDER BY w.whistle_no DESC LIMIT ?`,
        [...params, limit + 1],
      );
      const items = await this.cards(
        tx,
        rows.slice(0, limit).map(({ body }) => JSON.parse(body) as Whistle),
      );
      return { items, next: rows.length > limit ? items.at(-1)!.whistleNo : null };
    });
  }

  /** `undefined`: no such whistle, or not for this caller. */
  detail(actor: Actor, whistleNo: string): Promise<WhistleDetail | undefined> {
    return this.readModel.run(async (tx) => {
      const whistle = await this.visible(tx, actor, whistleNo);
      if (!whistle) return undefined;
      const [card] = await this.cards(tx, [whistle]);
      return {
        ...card!,
        basisCode: whistle.basisCode,
        orders: await this.orders.matters(tx, actor, whistle.orderNos),
        notes: await notesOf(tx, whistleNo),
      };
    });
  }

  /** What happened to the whistle, oldest first; `undefined`: no such whistle, or not for this caller. */
  trail(actor: Actor, whistleNo: string): Promise<TrailEntry[] | undefined> {
    return this.readModel.run(async (tx) => {
      if (!(await this.visible(tx, actor, whistleNo))) return undefined;
      const room = subjectOf(whistleNo);
      const rows = await tx.all<EventRow>(
        `SELECT p.seq, ${EVENT_COLUMNS} FROM event e JOIN event_place p ON p.event_row = e.id
         WHERE e.subject = ? ORDER BY p.seq`,
        [room],
      );
      return rows.map(loggedEvent).map((event) => {
        const { seq, recordedAt } = event;
        return { ...asSeenIn(event, room), seq, recordedAt };
      });
    });
  }

  /** What was said in its room; `undefined`: no such whistle, or not for this caller. */
  messages(
    actor: Actor,
    whistleNo: string,
    before: number | null,
    limit: number,
  ): Promise<WhistleMessages | undefined> {
    return this.readModel.run(async (tx) => {
      if (!(await this.visible(tx, actor, whistleNo))) return undefined;
      return this.said.page(tx, whistleNo, before, limit);
    });
  }

  private async cards(tx: ReadTx, whistles: readonly Whistle[]): Promise<WhistleCard[]> {
    const all = await this.deadlines.ofAll(
      tx,
      whistles.map(({ whistleNo }) => subjectOf(whistleNo)),
    );
    return whistles.map((whistle) =>
      whistleCard(
        whistle,
        all.filter(({ subject }) => subject === subjectOf(whistle.whistleNo)).map(({ deadline }) => deadline),
      ),
    );
  }

  private async visible(tx: ReadTx, actor: Actor, whistleNo: string): Promise<Whistle | undefined> {
    const { sql, params } = await this.visibleTo(tx, actor);
    const row = await tx.one<{ body: string }>(`SELECT w.body FROM whistle w WHERE w.whistle_no = ? AND ${sql}`, [
      whistleNo,
      ...params,
    ]);
    return row && (JSON.parse(row.body) as Whistle);
  }

  /** The same rule as `mayReadWhistle` [I6], as the database can find them. */
  private async visibleTo(tx: ReadTx, { userId, roles, unitId }: Actor): Promise<Condition> {
    const office = readsWhistles(roles);
    if (office === 'all') return { sql: '1 = 1', params: [] };
    const ways: Condition[] = [{ sql: 'w.leader_id = ?', params: [userId] }];
    if (office === 'open') ways.push({ sql: `w.visibility <> 'confidential'`, params: [] });
    if (unitId !== null) {
      const units = await this.lists.units(tx, this.clock.now());
      const own = [unitId, ...units.ancestors(unitId).map((unit) => unit.unitId)];
      const marks = own.map(() => '?').join(', ');
      ways.push({
        sql: `w.whistle_no IN (SELECT whistle_no FROM whistle_unit WHERE unit_id IN (${marks}))`,
        params: own,
      });
    }
    return { sql: `(${ways.map(({ sql }) => sql).join(' OR ')})`, params: ways.flatMap(({ params }) => params) };
  }
}

interface NoteRow {
  at: number;
  actor_id: string;
  type: WhistleNoteType;
  unit_id: string | null;
  task_id: string | null;
  body: string;
}

async function notesOf(tx: ReadTx, whistleNo: string): Promise<WhistleNote[]> {
  const rows = await tx.all<NoteRow>(
    'SELECT at, actor_id, type, unit_id, task_id, body FROM whistle_note WHERE whistle_no = ? ORDER BY id',
    [whistleNo],
  );
  return rows.map((row) => ({
    at: row.at,
    actor: row.actor_id,
    type: row.type,
    unitId: row.unit_id,
    taskId: row.task_id,
    text: row.body,
  }));
}
