import { Injectable } from '@nestjs/common';
import type { CallbackCard, CallbackDetail } from '@minqing-hub/client-sdk/protocol';
import type { ReadTx, SqlValue, Tx } from '../storage/unit-of-work.js';

/** Somebody is to be called. Times are ms UTC. */
export interface Callback extends Omit<CallbackCard, 'state'> {
  state: CallbackCard['state'] | 'done';
  /** Of the number, as far as it was known when it was arranged. */
  phoneDigest: string | null;
  /** The clock that brings it into the queue, and while it waits there, the one that takes it out at night; `null` once it is done. */
  clockId: string | null;
  createdAt: number;
  createdBy: string;
}

/** As it was read; `revision` is what a change of it is compared with. */
export interface StoredCallback extends Callback {
  reason: string | null;
  revision: number;
}

export interface Attempt {
  at: number;
  outcome: string;
  note: string | null;
  actorId: string;
}

interface CallbackRow {
  callback_id: string;
  cause: string;
  state: string;
  order_no: string | null;
  call_id: string | null;
  phone_digest: string | null;
  due_at: number;
  attempts: number;
  clock_id: string | null;
  reason: string | null;
  created_at: number;
  created_by: string;
  revision: number;
}

/** Rows of `callback`. Every change is one compare-and-set. */
@Injectable()
export class CallbackStore {
  async get(tx: ReadTx, callbackId: string): Promise<StoredCallback | undefined> {
    const row = await tx.one<CallbackRow>('SELECT * FROM callback WHERE callback_id = ?', [callbackId]);
    return row && callbackOf(row);
  }

  /** As `get`; nobody else changes it until the transaction ends. */
  async lock(tx: Tx, callbackId: string): Promise<StoredCallback | undefined> {
    const row = await tx.one<CallbackRow>(`SELECT * FROM callback WHERE callback_id = ?${tx.forUpdate}`, [callbackId]);
    return row && callbackOf(row);
  }

  /** [CB1] Answers false, and writes nothing, when a missed call of the same number is to be called back already. */
  async add(tx: Tx, callback: Callback, reason: string | null): Promise<boolean> {
    const { cause, phoneDigest } = callback;
    return tx.insertIfAbsent('callback', {
      callback_id: callback.callbackId,
      cause,
      order_no: callback.orderNo,
      call_id: callback.callId,
      phone_digest: phoneDigest,
      open_key: cause === 'missed_call' && phoneDigest !== null ? `missed:${phoneDigest}` : null,
      reason,
      created_at: callback.createdAt,
      created_by: callback.createdBy,
      revision: 1,
      ...changing(callback),
    });
  }

  /** @throws when it is no longer as `from`: the whole command is undone rather than half of it done. */
  async change(tx: Tx, from: StoredCallback, to: Callback): Promise<void> {
    const set: Record<string, SqlValue> = { ...changing(to), revision: from.revision + 1 };
    if (to.state === 'done') set.open_key = null;
    const columns = Object.keys(set).map((column) => `${column} = ?`);
    const changed = await tx.run(`UPDATE callback SET ${columns.join(', ')} WHERE callback_id = ? AND revision = ?`, [
      ...Object.values(set),
      from.callbackId,
      from.revision,
    ]);
    if (changed !== 1) throw new Error(`call-back ${from.callbackId} was changed by somebody else`);
  }

  /** Ids of those that are not done, of a number; by cause, if one is named. */
  async openOf(tx: ReadTx, phoneDigest: string, cause?: Callback['cause']): Promise<string[]> {
    const rows = await tx.all<{ callback_id: string; cause: string }>(
      `SELECT callback_id, cause FROM callback WHERE phone_digest = ? AND state <> 'done' ORDER BY callback_id`,
      [phoneDigest],
    );
    return rows.filter((row) => cause === undefined || row.cause === cause).map((row) => row.callback_id);
  }

  /** The number that somebody typed; it can be erased. */
  async keepCallee(tx: Tx, callbackId: string, phone: string): Promise<void> {
    await tx.insert('callback_callee', { callback_id: callbackId, phone });
  }

  async callee(tx: ReadTx, callbackId: string): Promise<string | null> {
    const row = await tx.one<{ phone: string }>('SELECT phone FROM callback_callee WHERE callback_id = ?', [
      callbackId,
    ]);
    return row?.phone ?? null;
  }

  async addAttempt(tx: Tx, callbackId: string, { at, outcome, note, actorId }: Attempt): Promise<void> {
    const row = await tx.one<{ n: number }>('SELECT COUNT(*) AS n FROM callback_attempt WHERE callback_id = ?', [
      callbackId,
    ]);
    const attempt = Number(row!.n) + 1;
    await tx.insert('callback_attempt', { callback_id: callbackId, attempt, at, outcome, note, actor_id: actorId });
  }

  async attempts(tx: ReadTx, callbackId: string): Promise<CallbackDetail['attempts']> {
    return tx.all('SELECT at, outcome, note FROM callback_attempt WHERE callback_id = ? ORDER BY attempt', [
      callbackId,
    ]);
  }
}

function changing({ state, dueAt, attempts, clockId }: Callback): Record<string, SqlValue> {
  return { state, due_at: dueAt, attempts, clock_id: clockId };
}

function callbackOf(row: CallbackRow): StoredCallback {
  return {
    callbackId: row.callback_id,
    cause: row.cause as Callback['cause'],
    state: row.state as Callback['state'],
    orderNo: row.order_no,
    callId: row.call_id,
    phoneDigest: row.phone_digest,
    dueAt: row.due_at,
    attempts: row.attempts,
    clockId: row.clock_id,
    reason: row.reason,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revision: row.revision,
  };
}
