import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OrderDetail, OrderNote, Requester, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../../config/clock.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import type { Deadline } from '../../domain/clock/deadline.js';
import { maskAddress, maskIdNumber, maskName, maskPhone } from '../../domain/access/mask.js';
import { openClock } from '../../domain/clock/deadline.js';
import { leadOf, openObjection, type Order, suspensionOf as runningSuspension } from '../../domain/order/order.js';
import { asSeenIn, EVENT_COLUMNS, type EventRow, loggedEvent } from '../../event-log/logged-event.js';
import { Placing } from '../../event-log/placing.js';
import { type Actor, hasRole, type Role } from '../../identity/actor.js';
import { People } from '../../identity/people.js';
import { ListBook } from '../../lists/list-book.js';
import { ReadModel, type ReadTx } from '../../storage/unit-of-work.js';
import type { NoteType } from '../order-store.js';
import { suggestUnit } from '../suggest-unit.js';
import { orderOf, ORDERS_AND_REQUESTS, SUMMARY_COLUMNS, summaryOf, type SummaryRow } from './order-rows.js';
import { OutsideView } from './outside-view.js';
import { readAsFiler, visibleTo } from './visible-orders.js';

interface DetailRow extends SummaryRow {
  text: string;
  source: string;
  source_id: string;
  occurred_at: number | null;
  collected_at: number | null;
  name: string | null;
  phone: string | null;
  id_number: string | null;
  filed_by: string | null;
  address: string | null;
}

/** Who is told which colleague looked at a requester's data [DG5]. */
const SEES_WHO_LOOKED: readonly Role[] = ['supervisor', 'auditor'];
/** Who reads a trail waits no longer for what was just done to get its place in the log. */
const PLACED_WITHIN_MS = 1_000;

/** One order, for who may read it. What the caller may not see is not there, as what does not exist [I6]. */
@Injectable()
export class OrderReading {
  constructor(
    private readonly readModel: ReadModel,
    private readonly lists: ListBook,
    private readonly people: People,
    private readonly clock: Clock,
    private readonly deadlines: DeadlineLedger,
    private readonly placing: Placing,
  ) {}

  /** `undefined`: no such order, or not for this caller. Personal data come masked [DG1]. */
  detail(actor: Actor, orderNo: string): Promise<OrderDetail | undefined> {
    return this.readModel.run(async (tx) => {
      const row = await visibleRow<DetailRow>(
        tx,
        actor,
        orderNo,
        `${SUMMARY_COLUMNS}, r.body AS text, r.source, r.source_id, r.occurred_at, r.collected_at,
         p.name, p.phone, p.id_number, p.filed_by, p.address`,
        'LEFT JOIN requester p ON p.request_no = r.request_no',
      );
      if (!row) return undefined;
      const order = orderOf(row);
      const notes = await notesOf(tx, orderNo);
      const deadlines = await this.deadlines.of(tx, `order:${orderNo}`);
      const whole: OrderDetail = {
        ...summaryOf(row, deadlines),
        text: row.text,
        source: row.source,
        sourceId: row.source_id,
        filedBy: row.filed_by && maskName(row.filed_by),
        occurredAt: row.occurred_at,
        collectedAt: row.collected_at,
        requester: maskedRequester(row),
        address: row.address && maskAddress(row.address),
        labels: order.labels,
        suggestion: await this.suggestion(tx, order),
        decision: order.assignments.findLast(({ decision }) => decision !== null)?.decision ?? null,
        objection: objectionOf(order, notes),
        escalation: escalationOf(order, notes),
        extension: extensionOf(order, notes, deadlines),
        suspension: suspensionOf(order, notes),
        citedArticle: order.citedArticle ?? null,
        standard: await this.standard(tx, order),
        notes,
        visitedUnitIds: order.visitedUnitIds,
      };
      return (await this.fromOutside(tx, actor, order))?.detail(whole) ?? whole;
    });
  }

  /**
   * What happened to the order, oldest first, and with it what the caller has just done himself; `undefined`: no such order,
   * or not for this caller.
   */
  async trail(actor: Actor, orderNo: string): Promise<TrailEntry[] | undefined> {
    const seen = await this.placedTrail(actor, orderNo);
    if (!seen?.waits) return seen?.entries;
    await Promise.race([this.placing.settled(), delay(PLACED_WITHIN_MS, undefined, { ref: false })]);
    return (await this.placedTrail(actor, orderNo))?.entries;
  }

  /** `waits`: something of it is committed and has no place yet. */
  private placedTrail(actor: Actor, orderNo: string): Promise<{ entries: TrailEntry[]; waits: boolean } | undefined> {
    return this.readModel.run(async (tx) => {
      const row = await visibleRow<{ body: string }>(tx, actor, orderNo, 'o.body');
      if (!row) return undefined;
      const rows = await tx.all<Omit<EventRow, 'seq'> & { seq: number | null }>(
        `SELECT p.seq, ${EVENT_COLUMNS} FROM event e LEFT JOIN event_place p ON p.event_row = e.id
         WHERE e.subject = ? ORDER BY p.seq`,
        [`order:${orderNo}`],
      );
      const placed = rows.filter((event): event is EventRow => event.seq !== null);
      const whole = placed.flatMap((event) => trailEntry(event, `order:${orderNo}`, hasRole(actor, SEES_WHO_LOOKED)));
      const entries = await ((await this.fromOutside(tx, actor, orderOf(row)))?.trail(whole) ?? whole);
      return { entries, waits: placed.length < rows.length };
    });
  }

  /** `undefined`: the actor reads all of it. */
  private async fromOutside(tx: ReadTx, actor: Actor, order: Order): Promise<OutsideView | undefined> {
    const asFiler = await readAsFiler(tx, actor, [order]);
    return asFiler.has(order.orderNo) ? new OutsideView(tx, this.people, actor.userId) : undefined;
  }

  /** [LI3] As it stood when the order was last dispatched [LI5]; before that as it stands now. */
  private async standard(tx: ReadTx, order: Order): Promise<OrderDetail['standard']> {
    const { catalogCode, areaCode } = order;
    if (catalogCode === null) return null;
    const now = this.clock.now();
    const lead = order.assignments.findLast(({ role }) => role === 'lead');
    const versions = { ...(await this.lists.versions(tx, now)), ...lead?.listVersions };
    const found = await this.lists.standardFor(tx, now, catalogCode, areaCode, lead?.unitId ?? null, versions);
    if (!found) return null;
    const { bandMin: _min, bandMax: _max, ...standard } = found;
    return { listVersion: versions.standards, ...standard };
  }

  /** Only while somebody has to choose: later what was decided counts. */
  private async suggestion(tx: ReadTx, order: Order): Promise<OrderDetail['suggestion']> {
    if (order.state !== 'pending_dispatch') return null;
    return (await suggestUnit(this.lists, tx, this.clock.now(), order)) ?? null;
  }
}

function visibleRow<T extends object>(
  tx: ReadTx,
  actor: Actor,
  orderNo: string,
  columns: string,
  joins = '',
): Promise<T | undefined> {
  const visible = visibleTo(actor);
  return tx.one<T>(`SELECT ${columns} FROM ${ORDERS_AND_REQUESTS} ${joins} WHERE o.order_no = ? AND ${visible.sql}`, [
    orderNo,
    ...visible.params,
  ]);
}

/** `null` when nothing is known of who asked. */
function maskedRequester({ name, phone, id_number: idNumber }: DetailRow): Requester | null {
  if (!name && !phone && !idNumber) return null;
  return {
    ...(name && { name: maskName(name) }),
    ...(phone && { phone: maskPhone(phone) }),
    ...(idNumber && { idNumber: maskIdNumber() }),
  };
}

interface NoteRow {
  at: number;
  actor_id: string;
  type: string;
  body: string;
  is_public: number;
}

async function notesOf(tx: ReadTx, orderNo: string): Promise<OrderNote[]> {
  const rows = await tx.all<NoteRow>(
    'SELECT at, actor_id, type, body, is_public FROM order_note WHERE order_no = ? ORDER BY id',
    [orderNo],
  );
  return rows.map((row) => ({
    at: row.at,
    actor: row.actor_id,
    type: row.type,
    text: row.body,
    public: row.is_public === 1,
  }));
}

/** The objection that somebody has to confirm or rule on; its words stand in its note. */
function objectionOf(order: Order, notes: OrderNote[]): OrderDetail['objection'] {
  const proposed = order.proposal?.awaits === 'objection' ? order.proposal : undefined;
  const objection = openObjection(order) ?? proposed;
  if (!objection) return null;
  const { unitId, proposedUnitId, reasonCode, at } = objection;
  const basis = lastText(notes, 'objection');
  return { unitId, proposedUnitId, reasonCode, basis, at, confirmed: proposed === undefined };
}

/** [T33] What somebody of the desk has to confirm; its reason stands in its note. */
function escalationOf({ proposal }: Order, notes: OrderNote[]): OrderDetail['escalation'] {
  if (proposal?.awaits !== 'escalation') return null;
  const { unitId, toUnitId, at } = proposal;
  return { unitId, toUnitId, reason: lastText(notes, 'escalation'), at };
}

/** [T17] What leader and desk have to decide. */
function extensionOf({ proposal }: Order, notes: OrderNote[], deadlines: Deadline[]): OrderDetail['extension'] {
  if (proposal?.awaits !== 'extension') return null;
  const { unitId, extra, at, endorsedBy } = proposal;
  const basis = proposal.basis ?? openClock({ deadlines }, 'HANDLING')?.basis ?? 'workday';
  return { unitId, extra, basis, reason: lastText(notes, 'extension'), at, endorsed: endorsedBy !== null };
}

/** [T18] The same, and afterwards what was decided, as long as it lasts. */
function suspensionOf(order: Order, notes: OrderNote[]): OrderDetail['suspension'] {
  const reason = lastText(notes, 'suspension');
  const running = runningSuspension(order);
  if (running) {
    const { reasonCode, until, at } = running;
    return { unitId: leadOf(order)!.unitId, reasonCode, until, reason, at, endorsed: true, since: at };
  }
  if (order.proposal?.awaits !== 'suspension') return null;
  const { unitId, reasonCode, until, at, endorsedBy } = order.proposal;
  return { unitId, reasonCode, until, reason, at, endorsed: endorsedBy !== null, since: null };
}

const lastText = (notes: OrderNote[], of: NoteType): string => notes.findLast(({ type }) => type === of)?.text ?? '';

/** An event as the order's own room sees it; looks at personal data reach no room, and are told to few. */
function trailEntry(row: EventRow, room: string, seesWhoLooked: boolean): TrailEntry[] {
  const event = loggedEvent(row);
  const placed = { seq: event.seq, recordedAt: event.recordedAt };
  if (room in event.audience.rooms) return [{ ...asSeenIn(event, room), ...placed }];
  if (event.type !== 'requester.identity.viewed' || !seesWhoLooked) return [];
  const { id, type, at, actorId: actor, data } = event;
  return [{ id, type, at, actor, data, ...placed }];
}
