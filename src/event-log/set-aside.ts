import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { ReadModel, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { EVENT_COLUMNS, type EventRow, type LoggedEvent, loggedEvent } from './logged-event.js';

/** Why an event could not be followed up. */
export interface Reason {
  event: LoggedEvent;
  reason: string;
}

const MOST_WORDS = 200;
/** The log begins with 1. */
const NO_SEQ = 0;
/** Within the time in which command ids are known [I7]: of several commands some may have been carried out already. */
const AGAIN_WITHIN_MS = 6 * 24 * 60 * 60 * 1_000;

/** Events that a reaction could not follow up: somebody must look at them. */
@Injectable()
export class SetAside {
  constructor(
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** How many, by the reaction's name. */
  counts(): Promise<Map<string, number>> {
    return this.readModel.run(async (tx) => {
      const rows = await tx.all<{ consumer: string; n: number }>(
        'SELECT consumer, COUNT(*) AS n FROM set_aside GROUP BY consumer ORDER BY consumer',
      );
      return new Map(rows.map(({ consumer, n }) => [consumer, n]));
    });
  }

  /** Those of the last six days, in order: older ones are left to a person for good. */
  lately(consumer: string): Promise<LoggedEvent[]> {
    return this.readModel.run(async (tx) => {
      const rows = await tx.all<EventRow>(
        `SELECT s.seq, ${EVENT_COLUMNS} FROM set_aside s
         JOIN event_place p ON p.seq = s.seq JOIN event e ON e.id = p.event_row AND e.event_id = s.event_id
         WHERE s.consumer = ? AND e.recorded_at >= ? ORDER BY s.seq`,
        [consumer, this.clock.now() - AGAIN_WITHIN_MS],
      );
      return rows.map(loggedEvent);
    });
  }

  /** It was followed up after all. */
  async remove(consumer: string, { seq }: LoggedEvent): Promise<void> {
    await this.unitOfWork.run((tx) => remove(tx, consumer, seq));
  }

  async add(consumer: string, reasons: readonly Reason[]): Promise<void> {
    await this.unitOfWork.run((tx) => write(tx, consumer, reasons));
  }

  /** Resolves when something could be set aside now: what it writes, of no event, it takes back. @throws as the writing does */
  async couldWrite(consumer: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.upsert('set_aside', { consumer, seq: NO_SEQ, event_id: '', reason: '' }, ['consumer', 'seq']);
      await remove(tx, consumer, NO_SEQ);
    });
  }
}

async function write(tx: Tx, consumer: string, reasons: readonly Reason[]): Promise<void> {
  for (const { event, reason } of reasons) {
    const row = { consumer, seq: event.seq, event_id: event.id, reason: reason.slice(0, MOST_WORDS) };
    await tx.upsert('set_aside', row, ['consumer', 'seq']);
  }
}

async function remove(tx: Tx, consumer: string, seq: number): Promise<void> {
  await tx.run('DELETE FROM set_aside WHERE consumer = ? AND seq = ?', [consumer, seq]);
}
