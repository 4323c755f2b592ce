import { Injectable } from '@nestjs/common';
import type { NoticeTemplate } from '@minqing-hub/client-sdk/protocol';
import type { NoticeFacts } from '../domain/notice/notice-text.js';
import type { ReadTx, SqlValue, Tx } from '../storage/unit-of-work.js';

/** Why a notice will not be sent any more. */
export type NoticeFailure = 'no_address' | 'refused' | 'unanswered' | 'expired';

/** Something that a requester is told. Times: ms UTC. */
export interface Notice {
  noticeId: string;
  orderNo: string;
  requestNo: string;
  template: NoticeTemplate;
  facts: NoticeFacts;
  text: string;
  createdAt: number;
  state: 'queued' | 'sent' | 'failed';
  attempts: number;
  sentAt: number | null;
  failure: NoticeFailure | null;
  /** The timer at which it is tried next; `null`: it waits for a gateway, or is done. */
  clockId: string | null;
}

/** As it was read; `revision` is what a change of it is compared with. */
export interface StoredNotice extends Notice {
  revision: number;
}

interface NoticeRow {
  notice_id: string;
  order_no: string;
  request_no: string;
  template: string;
  facts: string;
  body: string;
  created_at: number;
  state: string;
  attempts: number;
  sent_at: number | null;
  failure: string | null;
  clock_id: string | null;
  revision: number;
}

/** Rows of `notice`, the outbox. Every change is one compare-and-set. */
@Injectable()
export class NoticeStore {
  /** Answers false, and writes nothing, when it is there already. */
  add(tx: Tx, notice: Notice): Promise<boolean> {
    return tx.insertIfAbsent('notice', {
      notice_id: notice.noticeId,
      order_no: notice.orderNo,
      request_no: notice.requestNo,
      template: notice.template,
      facts: JSON.stringify(notice.facts),
      body: notice.text,
      created_at: notice.createdAt,
      revision: 1,
      ...changing(notice),
    });
  }

  /** Nobody else changes it until the transaction ends. */
  async lock(tx: Tx, noticeId: string): Promise<StoredNotice | undefined> {
    const row = await tx.one<NoticeRow>(`SELECT * FROM notice WHERE notice_id = ?${tx.forUpdate}`, [noticeId]);
    return row && noticeOf(row);
  }

  async get(tx: ReadTx, noticeId: string): Promise<StoredNotice | undefined> {
    const row = await tx.one<NoticeRow>('SELECT * FROM notice WHERE notice_id = ?', [noticeId]);
    return row && noticeOf(row);
  }

  /** Oldest first. */
  async ofOrder(tx: ReadTx, orderNo: string): Promise<StoredNotice[]> {
    const rows = await tx.all<NoticeRow>('SELECT * FROM notice WHERE order_no = ? ORDER BY id', [orderNo]);
    return rows.map(noticeOf);
  }

  /** Those that no timer will try, oldest first: they were made while there was no gateway. */
  async resting(tx: ReadTx, limit: number): Promise<string[]> {
    const rows = await tx.all<{ notice_id: string }>(
      `SELECT notice_id FROM notice WHERE state = 'queued' AND clock_id IS NULL ORDER BY id LIMIT ?`,
      [limit],
    );
    return rows.map((row) => row.notice_id);
  }

  /** @throws when it is no longer as `from`: the whole command is undone rather than half of it done. */
  async change(tx: Tx, from: StoredNotice, to: Notice): Promise<void> {
    const set = { ...changing(to), revision: from.revision + 1 };
    const columns = Object.keys(set).map((column) => `${column} = ?`);
    const changed = await tx.run(`UPDATE notice SET ${columns.join(', ')} WHERE notice_id = ? AND revision = ?`, [
      ...Object.values(set),
      from.noticeId,
      from.revision,
    ]);
    if (changed !== 1) throw new Error(`notice ${from.noticeId} was changed by somebody else`);
  }
}

function changing({ state, attempts, sentAt, failure, clockId }: Notice): Record<string, SqlValue> {
  return { state, attempts, sent_at: sentAt, failure, clock_id: clockId };
}

function noticeOf(row: NoticeRow): StoredNotice {
  return {
    noticeId: row.notice_id,
    orderNo: row.order_no,
    requestNo: row.request_no,
    template: row.template as NoticeTemplate,
    facts: JSON.parse(row.facts) as NoticeFacts,
    text: row.body,
    createdAt: row.created_at,
    state: row.state as Notice['state'],
    attempts: row.attempts,
    sentAt: row.sent_at,
    failure: row.failure as NoticeFailure | null,
    clockId: row.clock_id,
    revision: row.revision,
  };
}
