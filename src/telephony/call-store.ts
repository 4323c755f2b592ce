import { Injectable } from '@nestjs/common';
import type { Call, CallFact } from '../domain/telephony/call.js';
import { cameAt, type CountedCall, type CountedContact } from '../domain/telephony/call-stats.js';
import type { ReadTx, SqlValue, Tx } from '../storage/unit-of-work.js';

/** What is kept of a call beside its facts. */
export interface StoredCall extends Omit<Call, 'live' | 'ended'> {
  callId: string;
  source: string;
  takenBy: string | null;
  orderNo: string | null;
  /** The clock that ends it when nobody tells its end. */
  clockId: string | null;
}

export interface NewFact extends CallFact {
  callId: string;
  contentHash: string;
  recordedAt: number;
}

interface CallRow {
  call_id: string;
  source: string;
  state: string;
  seat_id: string | null;
  taken_by: string | null;
  offered_at: number | null;
  answered_at: number | null;
  abandoned_at: number | null;
  ended_at: number | null;
  came_at: number | null;
  caller_digest: string | null;
  line: string | null;
  order_no: string | null;
  clock_id: string | null;
}

interface FactRow {
  fact_key: string;
  type: string;
  at: number;
  seat_id: string | null;
  caller_digest: string | null;
  line: string | null;
}

/** Calls, what was told of them, and apart from both, in rows that can be erased, who called. */
@Injectable()
export class CallStore {
  async get(tx: ReadTx, callId: string): Promise<StoredCall | undefined> {
    const row = await tx.one<CallRow>('SELECT * FROM phone_call WHERE call_id = ?', [callId]);
    return row && callOfRow(row);
  }

  /** As `get`; nobody else changes the call until the transaction ends. */
  async lock(tx: Tx, callId: string): Promise<StoredCall | undefined> {
    const row = await tx.one<CallRow>(`SELECT * FROM phone_call WHERE call_id = ?${tx.forUpdate}`, [callId]);
    return row && callOfRow(row);
  }

  /** The call's row, made when it is the first that is heard of it, and locked. */
  async begin(tx: Tx, callId: string, source: string): Promise<StoredCall> {
    await tx.insertIfAbsent('phone_call', {
      ...{ call_id: callId, source, state: 'waiting', seat_id: null, taken_by: null },
      ...{ offered_at: null, answered_at: null, abandoned_at: null, ended_at: null, came_at: null },
      ...{ caller_digest: null, line: null, order_no: null, clock_id: null },
    });
    return (await this.lock(tx, callId))!;
  }

  async save(tx: Tx, call: StoredCall): Promise<void> {
    const set: Record<string, SqlValue> = {
      state: call.state,
      seat_id: call.seatId,
      taken_by: call.takenBy,
      offered_at: call.offeredAt,
      answered_at: call.answeredAt,
      abandoned_at: call.abandonedAt,
      ended_at: call.endedAt,
      came_at: cameAt(call),
      caller_digest: call.caller,
      line: call.line,
      order_no: call.orderNo,
      clock_id: call.clockId,
    };
    const columns = Object.keys(set).map((column) => `${column} = ?`);
    await tx.run(`UPDATE phone_call SET ${columns.join(', ')} WHERE call_id = ?`, [...Object.values(set), call.callId]);
  }

  /** [CT1] Answers the content's hash of the event that has this key already. */
  async claim(tx: Tx, fact: NewFact): Promise<string | undefined> {
    const fresh = await tx.insertIfAbsent('call_fact', {
      fact_key: fact.key,
      call_id: fact.callId,
      type: fact.type,
      at: fact.at,
      seat_id: fact.seatId,
      caller_digest: fact.caller,
      line: fact.line,
      content_hash: fact.contentHash,
      recorded_at: fact.recordedAt,
    });
    if (fresh) return undefined;
    const known = await tx.one<{ content_hash: string }>('SELECT content_hash FROM call_fact WHERE fact_key = ?', [
      fact.key,
    ]);
    return known!.content_hash;
  }

  async facts(tx: ReadTx, callId: string): Promise<CallFact[]> {
    const rows = await tx.all<FactRow>(
      'SELECT fact_key, type, at, seat_id, caller_digest, line FROM call_fact WHERE call_id = ?',
      [callId],
    );
    return rows.map((row) => ({
      key: row.fact_key,
      type: row.type as CallFact['type'],
      at: row.at,
      seatId: row.seat_id,
      caller: row.caller_digest,
      line: row.line,
    }));
  }

  /** Of a number that several events wrote differently the digest is one, and the first way of writing it stays. */
  async keepCaller(tx: Tx, callId: string, digest: string, phone: string): Promise<void> {
    await tx.insertIfAbsent('caller', { call_id: callId, phone_digest: digest, phone });
  }

  /** In clear: only for who said why, or has it in hand. `null`: nobody said, or it was erased. */
  async phone(tx: ReadTx, { callId, caller }: Pick<StoredCall, 'callId' | 'caller'>): Promise<string | null> {
    if (caller === null) return null;
    const row = await tx.one<{ phone: string }>('SELECT phone FROM caller WHERE call_id = ? AND phone_digest = ?', [
      callId,
      caller,
    ]);
    return row?.phone ?? null;
  }

  /** Which seats speak in the call from now on. */
  async keepSeats(tx: Tx, callId: string, before: readonly string[], after: readonly string[]): Promise<void> {
    for (const seatId of before.filter((id) => !after.includes(id))) {
      await tx.run('DELETE FROM call_seat WHERE seat_id = ? AND call_id = ?', [seatId, callId]);
    }
    for (const seatId of after.filter((id) => !before.includes(id))) {
      await tx.insert('call_seat', { seat_id: seatId, call_id: callId });
    }
  }

  /** Whether the seat speaks in another call. */
  async speaksElsewhere(tx: ReadTx, seatId: string, callId: string): Promise<boolean> {
    const other = await tx.one('SELECT call_id FROM call_seat WHERE seat_id = ? AND call_id <> ? LIMIT 1', [
      seatId,
      callId,
    ]);
    return other !== undefined;
  }

  /** Whether a call of this number was answered after `since`. */
  async answeredSince(tx: ReadTx, digest: string, since: number): Promise<boolean> {
    const other = await tx.one('SELECT call_id FROM phone_call WHERE caller_digest = ? AND answered_at >= ? LIMIT 1', [
      digest,
      since,
    ]);
    return other !== undefined;
  }

  /** What is counted: calls and contacts that came after `since`. */
  async countedSince(
    tx: ReadTx,
    since: number,
  ): Promise<{ calls: (CountedCall & { callId: string })[]; contacts: (CountedContact & { contactId: string })[] }> {
    const calls = await tx.all<CallRow>('SELECT * FROM phone_call WHERE came_at > ?', [since]);
    const contacts = await tx.all<{ contact_id: string; kind: CountedContact['kind']; at: number }>(
      'SELECT contact_id, kind, at FROM contact_log WHERE at > ?',
      [since],
    );
    return {
      calls: calls.map(callOfRow),
      contacts: contacts.map(({ contact_id: contactId, kind, at }) => ({ contactId, kind, at })),
    };
  }
}

function callOfRow(row: CallRow): StoredCall {
  return {
    callId: row.call_id,
    source: row.source,
    state: row.state as Call['state'],
    seatId: row.seat_id,
    takenBy: row.taken_by,
    offeredAt: row.offered_at,
    answeredAt: row.answered_at,
    abandonedAt: row.abandoned_at,
    endedAt: row.ended_at,
    caller: row.caller_digest,
    line: row.line,
    orderNo: row.order_no,
    clockId: row.clock_id,
  };
}
