import { Injectable } from '@nestjs/common';
import type { CallMeasure, FloorCall, FloorCallPage } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { maskPhone } from '../domain/access/mask.js';
import { DAY_MS } from '../domain/telephony/call-stats.js';
import { ReadModel, type SqlValue } from '../storage/unit-of-work.js';
import { CallPolicy } from './call-policy.js';
import { cursorOf, type FloorCallsQuery } from './floor-calls-query.js';

interface ListedRow {
  id: string;
  at: number;
  call_id: string | null;
  contact_id: string | null;
  seat_id: string | null;
  offered_at: number | null;
  answered_at: number | null;
  abandoned_at: number | null;
  ended_at: number | null;
  order_no: string | null;
  transferred_to: string | null;
  phone: string | null;
}

/** A measure as the database finds it. */
interface Listed {
  columns: string;
  from: string;
  /** What an entry is placed by: when it came or was noted, then its own id. */
  place: [at: string, id: string];
  where: string;
  params: SqlValue[];
}

const TIMES = 'c.offered_at, c.answered_at, c.abandoned_at, c.ended_at, k.phone';
const CALLER = 'LEFT JOIN caller k ON k.call_id = c.call_id AND k.phone_digest = c.caller_digest';

/** The calls behind a number of the floor: exactly those that `callStats` counts [FL6] [CT6], the newest first. */
@Injectable()
export class FloorCalls {
  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly policy: CallPolicy,
  ) {}

  page({ measure, after, limit }: FloorCallsQuery): Promise<FloorCallPage> {
    const { columns, from, place, where, params } = listed(measure, this.clock.now() - DAY_MS, this.policy.answerMs);
    const [at, id] = place;
    const rest = after ? ` AND (${at} < ? OR (${at} = ? AND ${id} < ?))` : '';
    return this.readModel.run(async (tx) => {
      const rows = await tx.all<ListedRow>(
        `SELECT ${id} AS id, ${at} AS at, ${columns}, ${TIMES} FROM ${from} ${CALLER}
         WHERE ${where}${rest} ORDER BY ${at} DESC, ${id} DESC LIMIT ?`,
        [...params, ...(after ? [after.at, after.at, after.id] : []), limit + 1],
      );
      const total = await tx.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from} WHERE ${where}`, params);
      const shown = rows.slice(0, limit);
      return {
        items: shown.map(shownAs),
        next: rows.length > limit ? cursorOf(shown.at(-1)!) : null,
        total: total!.n,
      };
    });
  }
}

function listed(measure: CallMeasure, since: number, withinMs: number): Listed {
  switch (measure) {
    case 'offered':
      return callsThat('', since);
    case 'answered':
      return callsThat(' AND c.answered_at IS NOT NULL', since);
    case 'answered_within_15s':
      // What is not known is in no comparison: an answer to a call of whose coming nobody told is not among them.
      return callsThat(' AND c.answered_at - c.offered_at <= ?', since, withinMs);
    case 'abandoned':
      return callsThat(' AND c.answered_at IS NULL AND c.abandoned_at IS NOT NULL', since);
    case 'transferred':
      return contactsOf('transfer', since);
    case 'wrong_numbers':
      return contactsOf('wrong_number', since);
  }
}

const callsThat = (condition: string, ...params: SqlValue[]): Listed => ({
  columns: 'c.call_id, NULL AS contact_id, c.seat_id, c.order_no, NULL AS transferred_to',
  from: 'phone_call c',
  place: ['c.came_at', 'c.call_id'],
  where: `c.came_at > ?${condition}`,
  params,
});

/** What a seat noted, with the call that it came from where one is known. */
const contactsOf = (kind: 'transfer' | 'wrong_number', since: number): Listed => ({
  columns: 'n.call_id, n.contact_id, n.seat_id, n.order_no, n.transferred_to',
  from: 'contact_log n LEFT JOIN phone_call c ON c.call_id = n.call_id',
  place: ['n.at', 'n.contact_id'],
  where: 'n.at > ? AND n.kind = ?',
  params: [since, kind],
});

/** [CT4] The caller's number comes masked; what the seat wrote of the contact stays with it. */
function shownAs(row: ListedRow): FloorCall {
  return {
    callId: row.call_id,
    at: row.at,
    seatId: row.seat_id,
    offeredAt: row.offered_at,
    answeredAt: row.answered_at,
    abandonedAt: row.abandoned_at,
    endedAt: row.ended_at,
    orderNo: row.order_no,
    caller: row.phone === null ? null : maskPhone(row.phone),
    ...(row.contact_id === null ? {} : { contactId: row.contact_id }),
    ...(row.transferred_to === null ? {} : { transferredTo: row.transferred_to }),
  };
}
