import { Injectable } from '@nestjs/common';
import type { Card, QueueId, QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';

/** All that is counted on the floor, as of one place in the log. */
export interface FloorState {
  /** Of the last event that is in it. */
  seq: number;
  items: QueueItemCard[];
  seats: SeatCard[];
  /** Offers that ended untaken, from `since` on. */
  expired: { queueId: QueueId; at: number }[];
}

/** Reads the floor from the log: its cards, and the offers that expired. */
@Injectable()
export class FloorStore {
  constructor(private readonly readModel: ReadModel) {}

  /** In one consistent view; `since`, ms UTC: from when on offers count. */
  state(since: number): Promise<FloorState> {
    return this.readModel.run(async (tx) => {
      const head = await tx.one<{ seq: number }>('SELECT seq FROM log_head WHERE id = 1');
      const expired = await tx.all<{ at: number; card: string }>(
        `SELECT e.at, e.card FROM event e JOIN event_place p ON p.event_row = e.id
         WHERE e.type = 'queue.item_expired' AND e.at >= ?`,
        [since],
      );
      return {
        seq: head!.seq,
        items: (await cards(tx, 'item')) as QueueItemCard[],
        seats: (await cards(tx, 'seat')) as SeatCard[],
        expired: expired.map(({ at, card }) => ({ at, queueId: (JSON.parse(card) as QueueItemCard).queueId })),
      };
    });
  }
}

/** By their keys, `item:…`: a card stands in the log as long as a room holds it. */
export async function cards(tx: ReadTx, kind: 'item' | 'seat'): Promise<Card[]> {
  const rows = await tx.all<{ body: string }>('SELECT body FROM card WHERE card_key >= ? AND card_key < ?', [
    `${kind}:`,
    `${kind};`,
  ]);
  return rows.map(({ body }) => JSON.parse(body) as Card);
}
