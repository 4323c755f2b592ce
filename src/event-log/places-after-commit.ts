import { EVENT_COLUMNS } from './logged-event.js';
import { type NewPlaces, placeEvents, roomsOf, type WaitingRow } from './place-events.js';
import { PlacedLately } from './placed-lately.js';
import type { PlacingLine, Statement } from './placing-line.js';
import type { LogHead } from './sequencer.js';

/** Events of one transaction. */
const BATCH = 500;
/**
 * Rows before the last placed one that a look goes back to. Places that were given leave marks in the index until no older
 * reader is left, and one who reads for an hour keeps them all: a look from the beginning passes over each of them.
 */
export const LOOK_BACK_ROWS = 2_000;

const HEAD: Statement = ['SELECT seq, last_row, hash FROM log_head WHERE id = 1'];

/**
 * The events without a place, in the order of their rows. `follows_placed`: whether the event that stood before it of the
 * same subject has its place; `null`: it is the subject's first.
 */
const WAITING = `
  SELECT e.id, ${EVENT_COLUMNS}, (
    SELECT b.placed FROM event b FORCE INDEX (event_by_subject_id)
    WHERE b.subject = e.subject AND b.id < e.id ORDER BY b.id DESC LIMIT 1) AS follows_placed
  FROM event e FORCE INDEX (event_by_placed_id) WHERE e.placed = 0 AND e.id > ? ORDER BY e.id LIMIT ${BATCH}`;

export const OLDEST_WAITING =
  'SELECT id FROM event FORCE INDEX (event_by_placed_id) WHERE placed = 0 AND id > ? ORDER BY id LIMIT 1';

type Candidate = WaitingRow & { follows_placed: 0 | 1 | null };

/**
 * Gives events their place after their commit, on a database that many nodes write to.
 *
 * Nothing is locked while a node thinks: it reads where the log stands and what waits, each for itself, and then sends one
 * packet that the server carries out alone. The first seq of the batch is a key that only one can take; who comes second
 * gets nothing written, and looks again. So any node may try at any moment, and one that stands still, is killed or is cut
 * off in the middle holds up nobody. (`docs/adr/0009-several-nodes.md`)
 */
export class PlacesAfterCommit {
  readonly lately = new PlacedLately();
  /** The highest row that was placed, as far as is known here. */
  private lastRow = 0;
  /** The next batch is looked for from the beginning. */
  private wide = true;

  constructor(
    private readonly line: PlacingLine,
    private readonly looks: PlacingLine,
    private readonly auditKey: string,
  ) {}

  /**
   * Places one batch; answers whether there may be more to place.
   * @throws {Overtaken} when another node was first: nothing was placed here.
   */
  async placeBatch(): Promise<{ placed: number; more: boolean }> {
    const from = this.from();
    this.wide = false;
    const [heads, candidates] = (await this.line.send([HEAD, [WAITING, from]])) as unknown as [LogHead[], Candidate[]];
    const head = heads[0]!;
    this.lastRow = head.last_row;
    const rows = from === 0 ? candidates : inOrder(candidates);
    if (rows.length > 0) await this.write(head, rows);
    const outOfSight = rows.length < candidates.length;
    if (outOfSight) this.wide = true;
    return { placed: rows.length, more: outOfSight || candidates.length === BATCH };
  }

  /** The row of the event that waits longest among those near the log's end. */
  async oldestWaiting(): Promise<number | undefined> {
    const [found] = await this.looks.send([[OLDEST_WAITING, this.from()]]);
    return (found as { id: number }[])[0]?.id;
  }

  /**
   * Looks from the beginning: a transaction that took long commits events whose rows lie far behind. Where there is one,
   * the next batch begins with it. Answers whether anything waits at all.
   */
  async lookForStragglers(): Promise<boolean> {
    const [found] = await this.looks.send([[OLDEST_WAITING, 0]]);
    const oldest = (found as { id: number }[])[0]?.id;
    if (oldest === undefined) return false;
    if (oldest <= this.lastRow - LOOK_BACK_ROWS) this.wide = true;
    return true;
  }

  close(): void {
    this.line.close();
    this.looks.close();
  }

  private from(): number {
    return this.wide ? 0 : Math.max(0, this.lastRow - LOOK_BACK_ROWS);
  }

  private async write(head: LogHead, rows: readonly WaitingRow[]): Promise<void> {
    const rooms = [...new Set(rows.flatMap(roomsOf))];
    const roomHeads = new Map<string, number>();
    if (rooms.length > 0) {
      const [stand] = await this.line.send([['SELECT room, head FROM room_head WHERE room IN (?)', rooms]]);
      for (const { room, head: offset } of stand as { room: string; head: number }[]) roomHeads.set(room, offset);
    }
    const places = placeEvents(this.auditKey, head, rows, roomHeads);
    await this.line.commit(statementsOf(places));
    this.lastRow = places.head.last_row;
    this.remember(rows, places);
  }

  private remember(rows: readonly WaitingRow[], { events, rooms }: NewPlaces): void {
    const offsets = new Map<number, Record<string, number>>(events.map(({ seq }) => [seq, {}]));
    for (const { room, offset, seq } of rooms) offsets.get(seq)![room] = offset;
    for (const [at, { seq, hash }] of events.entries()) {
      this.lately.put({ ...rows[at]!, seq, hash, offsets: offsets.get(seq)! });
    }
  }
}

/**
 * The longest beginning in which each event has its predecessor before it: rows are given before the commit, and one of a
 * subject may be in sight while the one before it lies farther back than was looked.
 */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const subjects = new Set<string>();
  const cut = candidates.findIndex(({ subject, follows_placed }) => {
    const missing = follows_placed === 0 && !subjects.has(subject);
    subjects.add(subject);
    return missing;
  });
  return cut < 0 ? [...candidates] : candidates.slice(0, cut);
}

function statementsOf({ events, rooms, roomHeads, head }: NewPlaces): Statement[] {
  const placed = events.map(({ seq, row, hash }) => [seq, row, hash]);
  const rows = events.map(({ row }) => row);
  const told = rooms.map(({ room, offset, seq }) => [room, offset, seq]);
  const inRooms: Statement[] = [
    ['INSERT INTO room_event (room, room_offset, seq) VALUES ?', told],
    ['INSERT INTO room_head (room, head) VALUES ? ON DUPLICATE KEY UPDATE head = VALUES(head)', [...roomHeads]],
  ];
  return [
    // First: of several nodes only one can take the next seq, and the others wait for nothing else.
    ['INSERT INTO event_place (seq, event_row, hash) VALUES ?', placed],
    ['UPDATE event SET placed = 1 WHERE id IN (?)', rows],
    ...(told.length > 0 ? inRooms : []),
    ['UPDATE log_head SET seq = ?, last_row = ?, hash = ? WHERE id = 1', head.seq, head.last_row, head.hash],
  ];
}
