import { isDeepStrictEqual } from 'node:util';
import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';
import type { View } from '../domain/access/audience.js';
import { stubOf } from '../domain/access/stub.js';
import type { ReadModel, ReadTx } from '../storage/unit-of-work.js';
import { asSeenIn, EVENT_COLUMNS, type EventRow, type LoggedEvent, loggedEvent } from './logged-event.js';
import type { ExportedHead } from './log-heads.js';
import { chainHash, type LogHead } from './sequencer.js';

/** Rows in memory at a time. */
const BATCH = 1_000;

export interface LogFinding {
  kind: 'place' | 'hash' | 'offset' | 'card' | 'head';
  /** What is wrong and where: one sentence, Chinese. */
  sentence: string;
}

export interface LogReport {
  epoch: string;
  /** With their place. */
  events: number;
  /** Committed a moment ago and without a place yet; only where a place comes after the commit. */
  waiting: number;
  rooms: number;
  cards: number;
  /** All that was found wrong, counted; `first` tells at most `KEPT` of them. */
  findings: number;
  first: LogFinding[];
}

const KEPT = 50;

/** Called now and then with the share of the work that is done, 0 to 1. */
export type OnProgress = (share: number) => void;

/**
 * Reads the whole log, in one consistent view, and holds it against itself: places without a hole, the chain of
 * hashes, each room's offsets, and every room's cards against what its events add up to; and against `heads`, where it
 * was seen to stand before. Changes nothing.
 */
export function verifyLog(
  readModel: ReadModel,
  auditKey: string,
  onProgress: OnProgress = () => {},
  heads: readonly (ExportedHead | null)[] = [],
): Promise<LogReport> {
  return readModel.run((tx) => new Verification(tx, auditKey, onProgress).run(heads));
}

interface RoomsView {
  [room: string]: Card;
}

class Verification {
  private readonly report: LogReport = { epoch: '', events: 0, waiting: 0, rooms: 0, cards: 0, findings: 0, first: [] };
  /** The first place that the delivery index still holds: older ones were forgotten. */
  private keptFrom = 1;
  private steps = 0;
  private stepsInAll = 1;

  constructor(
    private readonly tx: ReadTx,
    private readonly auditKey: string,
    private readonly onProgress: OnProgress,
  ) {}

  async run(heads: readonly (ExportedHead | null)[]): Promise<LogReport> {
    const head = await this.tx.one<LogHead>('SELECT epoch, seq, last_row, hash FROM log_head WHERE id = 1');
    if (!head) {
      this.find('place', '日志没有日志头');
      return this.report;
    }
    this.report.epoch = head.epoch;
    // Each event is read twice, once by place and once by subject, and has about two rooms.
    this.stepsInAll = Math.max(1, (await this.count('event')) * 2 + (await this.count('room_event')));
    const kept = await this.tx.one<{ seq: number | null }>('SELECT MIN(seq) AS seq FROM room_event');
    this.keptFrom = kept?.seq ?? head.seq + 1;
    await this.verifyPlaces(head);
    await this.verifyHeads(heads);
    await this.verifyOffsets();
    await this.verifyCards();
    this.onProgress(1);
    return this.report;
  }

  /** I2 in the large: seq 1, 2, 3 … over all committed events, each linked to the one before. */
  private async verifyPlaces(head: LogHead): Promise<void> {
    let seq = 0;
    let hash = '';
    for (;;) {
      const rows = await this.tx.all<EventRow & { hash: string; event_id: string | null }>(
        `SELECT p.seq, p.hash, ${EVENT_COLUMNS} FROM event_place p LEFT JOIN event e ON e.id = p.event_row
         WHERE p.seq > ? ORDER BY p.seq LIMIT ${BATCH}`,
        [seq],
      );
      for (const row of rows) {
        if (row.seq !== seq + 1) this.find('place', `位次 ${seq} 之后是 ${row.seq}，中间有缺`);
        seq = row.seq;
        if (row.event_id === null) this.find('place', `位次 ${seq} 没有对应的事件`);
        else if (chainHash(this.auditKey, hash, row) !== row.hash)
          this.find('hash', `${eventIn(row)}与它的校验值不符：记录被改动过，或密钥不是原来的`);
        // From the stored hash on, so that one change is told once.
        hash = row.hash;
        this.report.events += 1;
      }
      if (rows.length) await this.verifyRoomsOf(rows.filter((row) => row.event_id !== null));
      this.step(rows.length);
      if (rows.length < BATCH) break;
    }
    if (seq !== head.seq) this.find('place', `日志头记的是 ${head.seq}，最后的位次是 ${seq}`);
    else if (hash !== head.hash) this.find('hash', '日志头的校验值与链尾不符');
    const unplaced = await this.tx.all<{ placed: number; n: number }>(
      `SELECT e.placed, COUNT(*) AS n FROM event e LEFT JOIN event_place p ON p.event_row = e.id
       WHERE p.seq IS NULL GROUP BY e.placed`,
    );
    for (const { placed, n } of unplaced) {
      if (placed) this.find('place', `有 ${n} 个事件没有位次`);
      else this.report.waiting = n;
    }
  }

  /** What was once seen of the log is in it still, but for what a restore is known to have left out. */
  private async verifyHeads(heads: readonly (ExportedHead | null)[]): Promise<void> {
    let kept = Infinity;
    for (const [index, head] of [...heads.entries()].reverse()) {
      if (!head) {
        this.find('head', `日志位置记录的第 ${index + 1} 行无法读取`);
        continue;
      }
      if (head.seq > kept || head.seq === 0) continue;
      const place = await this.tx.one<{ hash: string }>('SELECT hash FROM event_place WHERE seq = ?', [head.seq]);
      const seen = `${new Date(head.at).toISOString()} 记下的日志位置 ${head.seq}`;
      if (!place) this.find('head', `${seen} 已不在日志中：日志被截短过`);
      else if (place.hash !== head.hash) this.find('head', `${seen} 与现在的校验值不符：此前的记录被改动过`);
      if (head.restored) kept = Math.min(kept, head.seq);
    }
  }

  /** Every event stands in exactly the rooms of its audience. */
  private async verifyRoomsOf(rows: readonly EventRow[]): Promise<void> {
    if (rows.length === 0) return;
    const placed = await this.tx.all<{ seq: number; room: string }>(
      'SELECT seq, room FROM room_event WHERE seq >= ? AND seq <= ?',
      [rows[0]!.seq, rows.at(-1)!.seq],
    );
    const roomsBySeq = new Map<number, string[]>();
    for (const { seq, room } of placed) roomsBySeq.set(seq, [...(roomsBySeq.get(seq) ?? []), room]);
    for (const row of rows.filter(({ seq }) => seq >= this.keptFrom)) {
      const told = Object.keys(loggedEvent(row).audience.rooms).sort();
      const stands = (roomsBySeq.get(row.seq) ?? []).sort();
      if (!isDeepStrictEqual(told, stands)) {
        this.find('offset', `${eventIn(row)}出现在 ${list(stands)}，应当出现在 ${list(told)}`);
      }
    }
  }

  /** I2 in each room: offsets without a hole, in the order of the log, up to the room's head; the first ones may be forgotten. */
  private async verifyOffsets(): Promise<void> {
    for await (const { room, head } of this.byKey<{ room: string; head: number }>('room_head', 'room', 'room, head')) {
      this.report.rooms += 1;
      let offset = 0;
      let seq = 0;
      for (;;) {
        const rows = await this.tx.all<{ room_offset: number; seq: number }>(
          `SELECT room_offset, seq FROM room_event WHERE room = ? AND room_offset > ? ORDER BY room_offset LIMIT ${BATCH}`,
          [room, offset],
        );
        if (offset === 0 && this.keptFrom > 1) offset = (rows[0]?.room_offset ?? head + 1) - 1;
        for (const row of rows) {
          if (row.room_offset !== offset + 1)
            this.find('offset', `${room}：序号 ${offset} 之后是 ${row.room_offset}，中间有缺`);
          if (row.seq <= seq) this.find('offset', `${room}：序号 ${row.room_offset} 与日志的先后不符`);
          offset = row.room_offset;
          seq = row.seq;
        }
        this.step(rows.length);
        if (rows.length < BATCH) break;
      }
      if (offset !== head) this.find('offset', `${room}：房间头记的是 ${head}，最后的序号是 ${offset}`);
    }
    const homeless = await this.tx.all<{ room: string }>(
      'SELECT DISTINCT r.room FROM room_event r LEFT JOIN room_head h ON h.room = r.room WHERE h.room IS NULL LIMIT 10',
    );
    for (const { room } of homeless) this.find('offset', `${room}：有事件而没有房间头`);
  }

  /** I3 at rest: what a snapshot would hold is what a console has that applied every event from the first. */
  private async verifyCards(): Promise<void> {
    for (let after = ''; ;) {
      const subjects = await this.tx.all<{ subject: CardKey }>(
        `SELECT DISTINCT subject FROM event WHERE subject > ? ORDER BY subject LIMIT ${BATCH}`,
        [after],
      );
      for (const { subject } of subjects) await this.verifyCard(subject);
      if (subjects.length < BATCH) break;
      after = subjects.at(-1)!.subject;
    }
    for (const table of ['card', 'room_card']) {
      const strays = await this.tx.all<{ card_key: string }>(
        `SELECT DISTINCT c.card_key FROM ${table} c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.subject = c.card_key) LIMIT 10`,
      );
      for (const { card_key: key } of strays) this.find('card', `${key}：在 ${table} 中，而没有任何事件提到它`);
    }
  }

  private async verifyCard(key: CardKey): Promise<void> {
    const folded: RoomsView = {};
    let before = { seq: 0, version: 0 };
    for await (const event of this.eventsOf(key)) {
      const { seq, version } = { seq: event.seq, version: event.version ?? before.version };
      if (seq < before.seq || version < before.version) this.find('place', `${key}：位次 ${seq} 与它的版本先后不符`);
      before = { seq, version };
      for (const room of Object.keys(event.audience.rooms)) applyTo(folded, room, event);
    }
    const row = await this.tx.one<{ body: string }>('SELECT body FROM card WHERE card_key = ?', [key]);
    const holders = await this.tx.all<{ room: string; view: View }>(
      'SELECT room, view FROM room_card WHERE card_key = ? ORDER BY room',
      [key],
    );
    if (row) this.report.cards += 1;
    const body = row && (JSON.parse(row.body) as Card);
    const stands: RoomsView = {};
    for (const { room, view } of holders) {
      if (body) stands[room] = view === 'full' ? body : stubOf(key, body);
      else this.find('card', `${key}：${room} 有这张卡片，而卡片本身不在`);
    }
    for (const room of new Set([...Object.keys(folded), ...Object.keys(stands)])) {
      if (!(room in stands)) this.find('card', `${key}：按事件应在 ${room}，实际不在`);
      else if (!(room in folded)) this.find('card', `${key}：按事件不应在 ${room}，实际在`);
      else if (!isDeepStrictEqual(folded[room], stands[room])) {
        this.find('card', `${key}：在 ${room} 的内容与事件累加的结果不同`);
      }
    }
  }

  /** With those that have no place yet: their effect on the card is there. */
  private async *eventsOf(subject: CardKey): AsyncGenerator<LoggedEvent> {
    for (let after = 0; ;) {
      const rows = await this.tx.all<EventRow & { id: number }>(
        `SELECT e.id, COALESCE(p.seq, ${Number.MAX_SAFE_INTEGER}) AS seq, ${EVENT_COLUMNS}
         FROM event e LEFT JOIN event_place p ON p.event_row = e.id
         WHERE e.subject = ? AND e.id > ? AND (p.seq IS NOT NULL OR e.placed = 0) ORDER BY e.id LIMIT ${BATCH}`,
        [subject, after],
      );
      for (const row of rows) yield loggedEvent(row);
      this.step(rows.length);
      if (rows.length < BATCH) return;
      after = rows.at(-1)!.id;
    }
  }

  private async *byKey<T extends object>(table: string, key: string, columns: string): AsyncGenerator<T> {
    for (let after = ''; ;) {
      const rows = await this.tx.all<T>(
        `SELECT ${columns} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${BATCH}`,
        [after],
      );
      yield* rows;
      if (rows.length < BATCH) return;
      after = (rows.at(-1) as Record<string, string>)[key]!;
    }
  }

  private async count(table: string): Promise<number> {
    return (await this.tx.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))!.n;
  }

  private step(by: number): void {
    this.steps += by;
    this.onProgress(Math.min(1, this.steps / this.stepsInAll));
  }

  private find(kind: LogFinding['kind'], sentence: string): void {
    this.report.findings += 1;
    if (this.report.first.length < KEPT) this.report.first.push({ kind, sentence });
  }
}

/** As a console's store applies it. */
function applyTo(folded: RoomsView, room: string, event: LoggedEvent): void {
  const change = asSeenIn(event, room).data.card;
  if (change?.op === 'enter') folded[room] = change.card;
  else if (change?.op === 'change') folded[room] = { ...(folded[room] as object), ...change.fields } as Card;
  else if (change?.op === 'gone') delete folded[room];
}

/** Which event it is, for who looks for it: by place, kind, subject (an order, a seat), time and id. */
const eventIn = ({ seq, type, subject, recorded_at, event_id }: EventRow) =>
  `位次 ${seq} 的事件（${type}，${subject}，${new Date(recorded_at).toISOString()}，编号 ${event_id}）`;

const list = (rooms: readonly string[]) => (rooms.length ? rooms.join('、') : '（无）');
