import { Injectable } from '@nestjs/common';
import type { QueueId, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import type { SeatGroup } from '../domain/routing/asked-for.js';
import type { Candidate } from '../domain/routing/routing.js';
import type { ReadTx, SqlValue } from '../storage/unit-of-work.js';
import { ItemStore } from './item-store.js';
import { QueuePolicy } from './queue-policy.js';
import { seatOf, type SeatRow, type StoredSeat } from './seat-store.js';

export interface StoredCandidate extends Candidate {
  revision: number;
}

/** What seats are asked for: those that serve this queue and can do this. */
export interface Wanted {
  queueId: QueueId;
  asked: readonly SkillLevel[];
}

const BEST = 5;

/** `paceOf`, as a quotient of doubles: every engine rounds that alike. */
const PACE = `COALESCE(taken, 0) * 3.6e6 / (:now - COALESCE(signed_on_at, presence_since) + 60000)`;
const ORDER = `held, CASE WHEN missed_at > :now - :missPause THEN 1 ELSE 0 END, ${PACE}, idle_since, seat_id`;

/** Seats as routing asks the database for them: only as many as can matter, in the order of the rule book. */
@Injectable()
export class FreeSeats {
  constructor(
    private readonly items: ItemStore,
    private readonly policy: QueuePolicy,
  ) {}

  /** The first seats by [RT7], in any order, that are ready, have room [RT5] and can do what is asked [RT2]. */
  async first(tx: ReadTx, { queueId, asked }: Wanted, now: number, limit: number): Promise<StoredSeat[]> {
    const { capacity, missPauseMs } = this.policy.routing;
    const ofKind = capacity.of[queueId];
    const where = [`presence = 'ready'`, 'held < :total', 'queues LIKE :queue'];
    const values: Record<string, SqlValue> = {
      now,
      missPause: missPauseMs,
      total: capacity.total,
      queue: `%|${queueId}|%`,
      limit,
    };
    if (ofKind < capacity.total) {
      // A seat that has less than this in all has less of each kind, and need not be counted.
      where.push(`(held < :ofKind OR (SELECT COUNT(*) FROM queue_item i
        WHERE i.seat_id = seat.seat_id AND i.state IN ('offered', 'claimed') AND i.queue_id = :queueId) < :ofKind)`);
      Object.assign(values, { ofKind, queueId });
    }
    asked.forEach(({ skill, level }, i) => {
      const levels = Array.from({ length: BEST + 1 - level }, (_, above) => level + above);
      where.push(`(${levels.map((enough) => `skills LIKE :can${i}_${enough}`).join(' OR ')})`);
      for (const enough of levels) values[`can${i}_${enough}`] = `%${JSON.stringify({ skill, level: enough })}%`;
    });
    // Only ids are sorted: whole rows would cost more than finding them.
    const [sql, params] = named(
      `SELECT seat.* FROM (SELECT seat_id AS id FROM seat WHERE ${where.join(' AND ')} ORDER BY ${ORDER} LIMIT :limit) chosen
       JOIN seat ON seat.seat_id = chosen.id`,
      values,
    );
    return (await tx.all<SeatRow>(sql, params)).map(seatOf);
  }

  /** With what of each kind they have in hand, where that counts. [RT5] */
  async withLoads(tx: ReadTx, seats: readonly StoredSeat[]): Promise<StoredCandidate[]> {
    const { total, of } = this.policy.routing.capacity;
    const counts = Object.values(of).some((ofKind) => ofKind < total);
    const loaded = counts ? seats.filter(({ held }) => held > 0).map(({ seatId }) => seatId) : [];
    const loads = await this.items.heldOf(tx, loaded);
    return seats.map((seat) => ({ ...seat, heldOf: loads.get(seat.seatId) ?? {} }));
  }

  /**
   * Who is signed on and at work, equals as one. Who only listens (training) does none. [RT4] [RT8]
   * `skilled`: of those who can nothing that is ever asked for, nothing is told; few have skills, and they are found fast.
   */
  async signedOn(tx: ReadTx, who: 'all' | 'skilled'): Promise<SeatGroup[]> {
    const rows = await tx.all<{ queues: string; skills: string | null; seats: number; seat_id: string }>(
      `SELECT queues, skills, COUNT(*) AS seats, MIN(seat_id) AS seat_id FROM seat
       WHERE presence <> 'offline' AND presence <> 'training'${who === 'skilled' ? ' AND skills IS NOT NULL' : ''}
       GROUP BY queues, skills`,
    );
    return rows.map(({ queues, skills, seats, seat_id }) => ({
      queues: queues.split('|').filter(Boolean) as QueueId[],
      skills: skills === null ? [] : (JSON.parse(skills) as SkillLevel[]),
      seats: Number(seats),
      seatId: seat_id,
    }));
  }
}

/** `:name` as `?`, with the values in the order of their use. */
function named(sql: string, values: Record<string, SqlValue>): [string, SqlValue[]] {
  const params: SqlValue[] = [];
  const text = sql.replaceAll(/:(\w+)/g, (_, name: string) => {
    params.push(values[name]!);
    return '?';
  });
  return [text, params];
}
