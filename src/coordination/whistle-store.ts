import { Injectable } from '@nestjs/common';
import type { WhistleNoteType } from '@minqing-hub/client-sdk/protocol';
import type { Whistle } from '../domain/whistle/whistle.js';
import type { SqlValue, Tx } from '../storage/unit-of-work.js';

/** What somebody wrote, and about what of the whistle. */
export interface Note {
  type: WhistleNoteType;
  text: string;
  unitId?: string;
  taskId?: string;
}

/** Rows of `whistle` and what belongs to them. */
@Injectable()
export class WhistleStore {
  /** Locked until commit; `null`: there is none. */
  async lock(tx: Tx, whistleNo: string): Promise<Whistle | null> {
    const row = await tx.one<{ body: string }>(`SELECT body FROM whistle WHERE whistle_no = ?${tx.forUpdate}`, [
      whistleNo,
    ]);
    return row ? (JSON.parse(row.body) as Whistle) : null;
  }

  /** Those that there are, in the order of their numbers; until commit nobody else changes them. */
  async lockAll(tx: Tx, whistleNos: readonly string[]): Promise<Whistle[]> {
    if (whistleNos.length === 0) return [];
    const rows = await tx.all<{ body: string }>(
      `SELECT body FROM whistle WHERE whistle_no IN (${whistleNos.map(() => '?').join(', ')})
       ORDER BY whistle_no${tx.forUpdate}`,
      whistleNos,
    );
    return rows.map(({ body }) => JSON.parse(body) as Whistle);
  }

  async insert(tx: Tx, whistle: Whistle): Promise<void> {
    await tx.insert('whistle', { whistle_no: whistle.whistleNo, ...columnsOf(whistle) });
  }

  /** @throws when somebody else has changed it since `before` was read */
  async replace(tx: Tx, before: Whistle, after: Whistle): Promise<void> {
    const columns = columnsOf(after);
    const changed = await tx.run(
      `UPDATE whistle SET ${Object.keys(columns)
        .map((column) => `${column} = ?`)
        .join(', ')} WHERE whistle_no = ? AND version = ?`,
      [...Object.values(columns), before.whistleNo, before.version],
    );
    if (changed !== 1) throw new Error(`whistle ${before.whistleNo} was not at version ${before.version} any more`);
  }

  /** Its orders and the units that take part, as they are found by. */
  async keepLinks(tx: Tx, { whistleNo, orderNos }: Whistle, unitIds: readonly string[]): Promise<void> {
    for (const orderNo of orderNos) {
      await tx.insertIfAbsent('whistle_order', { order_no: orderNo, whistle_no: whistleNo });
    }
    const rows = await tx.all<{ unit_id: string }>('SELECT unit_id FROM whistle_unit WHERE whistle_no = ?', [
      whistleNo,
    ]);
    const before = rows.map((row) => row.unit_id);
    for (const unitId of before.filter((id) => !unitIds.includes(id))) {
      await tx.run('DELETE FROM whistle_unit WHERE unit_id = ? AND whistle_no = ?', [unitId, whistleNo]);
    }
    const gained = unitIds.filter((id) => !before.includes(id));
    await tx.insertMany(
      'whistle_unit',
      gained.map((unitId) => ({ unit_id: unitId, whistle_no: whistleNo })),
    );
  }

  /** `eventId`: the event that the texts belong to. */
  async addNotes(
    tx: Tx,
    about: { whistleNo: string; eventId: string; at: number; actorId: string },
    notes: readonly Note[],
  ): Promise<void> {
    await tx.insertMany(
      'whistle_note',
      notes.map(({ type, text, unitId = null, taskId = null }) => ({
        whistle_no: about.whistleNo,
        event_id: about.eventId,
        type,
        unit_id: unitId,
        task_id: taskId,
        body: text,
        at: about.at,
        actor_id: about.actorId,
      })),
    );
  }
}

/** What is searched, and the whistle itself. */
export function columnsOf(whistle: Whistle): Record<string, SqlValue> {
  return {
    version: whistle.version,
    stage: whistle.stage,
    type: whistle.type,
    visibility: whistle.visibility,
    blown_at: whistle.blownAt,
    leader_id: whistle.taskForce?.leaderId ?? null,
    body: JSON.stringify(whistle),
  };
}
