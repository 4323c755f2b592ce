import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Beat } from '../deadlines/beat.js';
import { Pruning } from '../deadlines/pruning.js';
import { type Tx, UnitOfWork } from '../storage/unit-of-work.js';

/** Forgets answers to command ids [I7] and the rooms' delivery index (an older offset gets a snapshot). Events stay. */
@Injectable()
export class Retention extends Pruning {
  constructor(unitOfWork: UnitOfWork, clock: Clock, beat: Beat) {
    super(unitOfWork, clock, beat, [pruneCommands, pruneRoomEvents]);
  }
}

async function pruneCommands(tx: Tx, before: number, limit: number): Promise<number> {
  const rows = await tx.all<{ actor_id: string; command_id: string }>(
    'SELECT actor_id, command_id FROM command WHERE at < ? ORDER BY at LIMIT ?',
    [before, limit],
  );
  for (const { actor_id, command_id } of rows) {
    await tx.run('DELETE FROM command WHERE actor_id = ? AND command_id = ?', [actor_id, command_id]);
  }
  return rows.length;
}

/** By whole events: one that some of its rooms still had and others not would look like a log that was meddled with. */
async function pruneRoomEvents(tx: Tx, before: number, limit: number): Promise<number> {
  const oldest = await tx.all<{ seq: number; recorded_at: number }>(
    `SELECT r.seq, e.recorded_at FROM room_event r
     JOIN event_place p ON p.seq = r.seq JOIN event e ON e.id = p.event_row ORDER BY r.seq LIMIT ?`,
    [limit],
  );
  // Only from the front: commands that commit together were not always begun in the order of their places.
  const firstKept = oldest.findIndex(({ recorded_at }) => recorded_at >= before);
  const old = firstKept < 0 ? oldest : oldest.slice(0, firstKept);
  const last = old.at(-1)?.seq;
  if (last === undefined) return 0;
  // The batch may end within the last one; then that is the next batch's, unless it is all that this one has.
  const cut = old.length === limit && old[0]!.seq !== last;
  await tx.run('DELETE FROM room_event WHERE seq <= ?', [cut ? last - 1 : last]);
  return old.length;
}
