import { isDeepStrictEqual } from 'node:util';
import { whistleReaders } from '../domain/access/whistle-audience.js';
import { fold } from '../domain/whistle/evolve.js';
import { TRANSITIONS } from '../domain/whistle/transitions.js';
import type { WhistleEvent } from '../domain/whistle/whistle-event.js';
import { EVENT_COLUMNS, type EventRow, type LoggedEvent, loggedEvent } from '../event-log/logged-event.js';
import type { ReadModel, ReadTx } from '../storage/unit-of-work.js';
import { columnsOf } from './whistle-store.js';

/** Whistles in memory at a time, with all their events. */
const BATCH = 100;
const KEPT = 50;

export interface WhistlesReport {
  whistles: number;
  /** All that does not agree, counted; `first` tells at most `KEPT` of it: what and how, one sentence each, Chinese. */
  findings: number;
  first: string[];
}

/**
 * Holds every whistle against the fold of its events [I8]: the stored one byte for byte, the columns that are searched,
 * its orders, and the units that take part. In one consistent view; changes nothing.
 */
export function verifyWhistles(readModel: ReadModel): Promise<WhistlesReport> {
  return readModel.run((tx) => new WhistlesVerification(tx).run());
}

/** What moves a whistle. What its clocks say stands under its subject too. */
const MOVING: ReadonlySet<string> = new Set(TRANSITIONS.map(({ event }) => event));

type WhistleRow = Record<string, unknown> & { whistle_no: string; body: string };

class WhistlesVerification {
  private readonly report: WhistlesReport = { whistles: 0, findings: 0, first: [] };

  constructor(private readonly tx: ReadTx) {}

  async run(): Promise<WhistlesReport> {
    for (let after = ''; ;) {
      const rows = await this.tx.all<WhistleRow>(
        `SELECT * FROM whistle WHERE whistle_no > ? ORDER BY whistle_no LIMIT ${BATCH}`,
        [after],
      );
      for (const row of rows) await this.verify(row);
      if (rows.length < BATCH) break;
      after = rows.at(-1)!.whistle_no;
    }
    await this.findLost();
    return this.report;
  }

  private async verify(row: WhistleRow): Promise<void> {
    this.report.whistles += 1;
    const no = row.whistle_no;
    const events = await this.tx.all<EventRow>(
      // What has been committed a moment ago may have no place yet.
      `SELECT p.seq, ${EVENT_COLUMNS} FROM event e LEFT JOIN event_place p ON p.event_row = e.id
       WHERE e.subject = ? ORDER BY p.seq IS NULL, p.seq, e.id`,
      [`whistle:${no}`],
    );
    const whistle = fold(
      events
        .map(loggedEvent)
        .filter(({ type }) => MOVING.has(type))
        .map(whistleEvent),
    );
    if (!whistle) return this.find(no, '有记录而日志没有说吹哨');
    const stored = JSON.parse(row.body) as Record<string, unknown>;
    for (const [name, should] of Object.entries(whistle)) {
      if (!isDeepStrictEqual(should, stored[name])) this.find(no, `${name} 与日志累加的结果不同`);
    }
    for (const [column, value] of Object.entries(columnsOf(whistle))) {
      if (row[column] !== value) this.find(no, `列 ${column} 与日志累加的结果不同`);
    }
    await this.verifyLinks(no, whistle.orderNos, whistleReaders(whistle).unitIds);
  }

  private async verifyLinks(no: string, orderNos: readonly string[], unitIds: readonly string[]): Promise<void> {
    const orders = await this.tx.all<{ id: string }>('SELECT order_no AS id FROM whistle_order WHERE whistle_no = ?', [
      no,
    ]);
    const units = await this.tx.all<{ id: string }>('SELECT unit_id AS id FROM whistle_unit WHERE whistle_no = ?', [
      no,
    ]);
    if (!sameSet(orders, orderNos)) this.find(no, '所涉工单与日志不同');
    if (!sameSet(units, unitIds)) this.find(no, '参加单位与日志不同');
  }

  private async findLost(): Promise<void> {
    const lost = await this.tx.all<{ subject: string }>(
      `SELECT e.subject FROM event e WHERE e.type = 'whistle.blown'
       AND NOT EXISTS (SELECT 1 FROM whistle w WHERE w.whistle_no = SUBSTR(e.subject, 9))`,
    );
    for (const { subject } of lost) this.find(subject.slice('whistle:'.length), '日志说吹过哨而没有记录');
  }

  private find(whistleNo: string, sentence: string): void {
    this.report.findings += 1;
    if (this.report.first.length < KEPT) this.report.first.push(`${whistleNo}：${sentence}`);
  }
}

function whistleEvent({ type, version, at, actorId, data }: LoggedEvent): WhistleEvent {
  const { whistleNo, ...facts } = data;
  return { type, whistleNo, version, at, actorId, facts } as WhistleEvent;
}

const sameSet = (rows: readonly { id: string }[], ids: readonly string[]): boolean =>
  isDeepStrictEqual(rows.map(({ id }) => id).sort(), [...ids].sort());
