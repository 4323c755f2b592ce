import { Injectable } from '@nestjs/common';
import type { SeatMessage } from '@minqing-hub/client-sdk/protocol';
import { ReadModel, type Tx } from '../storage/unit-of-work.js';

/** The newest ones are what matters at a seat. */
const SHOWN = 100;

/** What shift leaders said to seats. Words of people: in rows of their own, not in the log. */
@Injectable()
export class SeatMessages {
  constructor(private readonly readModel: ReadModel) {}

  async add(
    tx: Tx,
    message: { messageId: string; seatId: string; userId: string; actorId: string; at: number; text: string },
  ): Promise<void> {
    await tx.insert('seat_message', {
      message_id: message.messageId,
      seat_id: message.seatId,
      user_id: message.userId,
      actor_id: message.actorId,
      at: message.at,
      words: message.text,
    });
  }

  /** The newest first. With `userId` only those that were said to this person there. */
  list(seatId: string, userId?: string): Promise<SeatMessage[]> {
    return this.readModel.run(async (tx) => {
      const rows = await tx.all<{
        message_id: string;
        at: number;
        name: string | null;
        actor_id: string;
        words: string;
      }>(
        `SELECT m.message_id, m.at, u.name, m.actor_id, m.words
         FROM seat_message m LEFT JOIN user_account u ON u.user_id = m.actor_id
         WHERE m.seat_id = ?${userId === undefined ? '' : ' AND m.user_id = ?'}
         ORDER BY m.at DESC, m.message_id LIMIT ?`,
        [seatId, ...(userId === undefined ? [] : [userId]), SHOWN],
      );
      return rows.map(({ message_id, at, name, actor_id, words }) => ({
        messageId: message_id,
        at,
        from: name ?? actor_id,
        text: words,
      }));
    });
  }
}
