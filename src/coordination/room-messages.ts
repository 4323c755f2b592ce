import { Injectable } from '@nestjs/common';
import type { WhistleMessage, WhistleMessages, WhistleReader } from '@minqing-hub/client-sdk/protocol';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

interface MessageRow {
  message_no: number;
  at: number;
  actor_id: string;
  body: string;
  mentions: string;
}

/** What is said in the rooms of whistles, numbered from 1 in each, and how far everybody has read. */
@Injectable()
export class RoomMessages {
  /** Its number. The whistle is locked: nobody else has the same. */
  async add(
    tx: Tx,
    said: { whistleNo: string; at: number; actorId: string; text: string; mentions: readonly string[] },
  ): Promise<number> {
    const messageNo = (await this.latest(tx, said.whistleNo)) + 1;
    await tx.insert('whistle_message', {
      whistle_no: said.whistleNo,
      message_no: messageNo,
      at: said.at,
      actor_id: said.actorId,
      body: said.text,
      mentions: JSON.stringify(said.mentions),
    });
    return messageNo;
  }

  /** Number of the last one; 0: nothing has been said. */
  async latest(tx: ReadTx, whistleNo: string): Promise<number> {
    const row = await tx.one<{ latest: number | null }>(
      'SELECT MAX(message_no) AS latest FROM whistle_message WHERE whistle_no = ?',
      [whistleNo],
    );
    return row?.latest ?? 0;
  }

  /** Answers false, and keeps what there is, when they had read as far before. */
  async keepRead(tx: Tx, read: { whistleNo: string; userId: string; upTo: number; at: number }): Promise<boolean> {
    const key = [read.whistleNo, read.userId];
    const before = await tx.one<{ message_no: number }>(
      'SELECT message_no FROM whistle_read WHERE whistle_no = ? AND user_id = ?',
      key,
    );
    if (before && before.message_no >= read.upTo) return false;
    await tx.upsert(
      'whistle_read',
      { whistle_no: read.whistleNo, user_id: read.userId, message_no: read.upTo, at: read.at },
      ['whistle_no', 'user_id'],
    );
    return true;
  }

  /** The newest first, below `before`. */
  async page(tx: ReadTx, whistleNo: string, before: number | null, limit: number): Promise<WhistleMessages> {
    const rows = await tx.all<MessageRow>(
      `SELECT message_no, at, actor_id, body, mentions FROM whistle_message
       WHERE whistle_no = ?${before === null ? '' : ' AND message_no < ?'} ORDER BY message_no DESC LIMIT ?`,
      [whistleNo, ...(before === null ? [] : [before]), limit + 1],
    );
    const items = rows.slice(0, limit).map(message);
    return {
      items,
      next: rows.length > limit ? items.at(-1)!.messageNo : null,
      readers: await this.readers(tx, whistleNo),
    };
  }

  private async readers(tx: ReadTx, whistleNo: string): Promise<WhistleReader[]> {
    const rows = await tx.all<{ user_id: string; message_no: number; at: number }>(
      'SELECT user_id, message_no, at FROM whistle_read WHERE whistle_no = ? ORDER BY user_id',
      [whistleNo],
    );
    return rows.map((row) => ({ userId: row.user_id, upTo: row.message_no, at: row.at }));
  }
}

const message = (row: MessageRow): WhistleMessage => ({
  messageNo: row.message_no,
  at: row.at,
  actor: row.actor_id,
  text: row.body,
  mentions: JSON.parse(row.mentions) as string[],
});
