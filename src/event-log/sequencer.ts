import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Tx } from '../storage/unit-of-work.js';
import type { Audience } from './event-log.js';
import { EVENT_COLUMNS, type EventRow } from './logged-event.js';
import { PlacedLately } from './placed-lately.js';

export interface LogHead {
  epoch: string;
  seq: number;
  /** Row id of the event placed last. */
  last_row: number;
  hash: string;
}

/** Links an event's row to all before it; whoever changes a row behind the hub's back cannot make the chain again without the key. */
export function chainHash(key: string | KeyObject, previousHash: string, row: Omit<EventRow, 'seq'>): string {
  const text = JSON.stringify([
    row.event_id,
    row.subject,
    row.version,
    row.type,
    row.at,
    row.recorded_at,
    row.actor_id,
    row.command_id,
    row.causation_id,
    row.data,
    row.card,
    row.changed,
    row.audience,
  ]);
  return createHmac('sha256', key).update(previousHash).update('\n').update(text).digest('hex');
}

/**
 * Gives committed events their place: one seq for the whole log, a gapless offset in each room [I2].
 * On SQLite it is the last step of each transaction, so nothing is ever without a place and one fsync serves both.
 */
export class Sequencer {
  readonly lately = new PlacedLately();
  private readonly auditKey: KeyObject;

  constructor(auditKey: string) {
    this.auditKey = createSecretKey(auditKey, 'utf8');
  }

  async place(tx: Tx): Promise<void> {
    const head = (await tx.one<LogHead>('SELECT epoch, seq, last_row, hash FROM log_head WHERE id = 1'))!;
    const rows = await tx.all<EventRow & { id: number }>(
      `SELECT e.id, ${EVENT_COLUMNS} FROM event e WHERE e.id > ? ORDER BY e.id`,
      [head.last_row],
    );
    if (rows.length === 0) return;

    const heads = new Map<string, number>();
    let { seq, hash } = head;
    for (const row of rows) {
      seq += 1;
      hash = chainHash(this.auditKey, hash, row);
      await tx.run('INSERT INTO event_place (seq, event_row, hash) VALUES (?, ?, ?)', [seq, row.id, hash]);
      const offsets: Record<string, number> = {};
      for (const room of Object.keys((JSON.parse(row.audience) as Audience).rooms)) {
        const offset = (heads.get(room) ?? (await this.headOf(tx, room))) + 1;
        heads.set(room, offset);
        offsets[room] = offset;
        await tx.run('INSERT INTO room_event (room, room_offset, seq) VALUES (?, ?, ?)', [room, offset, seq]);
      }
      this.lately.put({ ...row, seq, hash, offsets });
    }
    for (const [room, offset] of heads) await tx.upsert('room_head', { room, head: offset }, ['room']);
    await tx.run('UPDATE log_head SET seq = ?, last_row = ?, hash = ? WHERE id = 1', [seq, rows.at(-1)!.id, hash]);
  }

  private async headOf(tx: Tx, room: string): Promise<number> {
    return (await tx.one<{ head: number }>('SELECT head FROM room_head WHERE room = ?', [room]))?.head ?? 0;
  }
}
