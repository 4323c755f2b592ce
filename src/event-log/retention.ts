import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Beat } from '../deadlines/beat.js';
import { UnitOfWork } from '../storage/unit-of-work.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** [I7] answers to command ids, and the rooms' delivery index (older offsets get a snapshot), are kept this long. Events stay. */
const KEPT_MS = 7 * DAY_MS;
const EVERY_MS = 60_000;
/** Rows of one transaction: pruning may never hold up a command. */
const BATCH = 200;

/** Prunes what has served its time, in small batches, a few each minute. */
@Injectable()
export class Retention {
  private nextAt = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    beat: Beat,
  ) {
    beat.each(() => this.prune());
  }

  async prune(): Promise<void> {
    const now = this.clock.now();
    if (now < this.nextAt) return;
    const before = now - KEPT_MS;
    const commands = await this.pruneCommands(before);
    const places = await this.pruneRoomEvents(before);
    // A full batch means that more waits: go on at the next beat.
    this.nextAt = commands === BATCH || places === BATCH ? now : now + EVERY_MS;
  }

  private pruneCommands(before: number): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const rows = await tx.all<{ actor_id: string; command_id: string }>(
        'SELECT actor_id, command_id FROM command WHERE at < ? ORDER BY at LIMIT ?',
        [before, BATCH],
      );
      for (const { actor_id, command_id } of rows) {
        await tx.run('DELETE FROM command WHERE actor_id = ? AND command_id = ?', [actor_id, command_id]);
      }
      return rows.length;
    });
  }

  private pruneRoomEvents(before: number): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const oldest = await tx.all<{ room: string; room_offset: number; recorded_at: number }>(
        `SELECT r.room, r.room_offset, e.recorded_at FROM room_event r
         JOIN event_place p ON p.seq = r.seq JOIN event e ON e.id = p.event_row ORDER BY r.seq LIMIT ?`,
        [BATCH],
      );
      // Only from the front: commands that commit together were not always begun in the order of their places.
      const firstKept = oldest.findIndex(({ recorded_at }) => recorded_at >= before);
      const old = firstKept < 0 ? oldest : oldest.slice(0, firstKept);
      for (const { room, room_offset } of old) {
        await tx.run('DELETE FROM room_event WHERE room = ? AND room_offset = ?', [room, room_offset]);
      }
      return old.length;
    });
  }
}
