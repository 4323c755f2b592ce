import { Injectable } from '@nestjs/common';
import { ReadModel, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import type { LoggedEvent } from './logged-event.js';

/** Why an event could not be followed up. */
export interface Reason {
  event: LoggedEvent;
  reason: string;
}

const MOST_WORDS = 200;

/** Events that a reaction could not follow up: somebody must look at them. */
@Injectable()
export class SetAside {
  constructor(
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
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

  async add(consumer: string, reasons: readonly Reason[]): Promise<void> {
    await this.unitOfWork.run((tx) => write(tx, consumer, reasons));
  }

  /** Resolves when they could be set aside now: what it writes it takes back. @throws as the writing does */
  async couldWrite(consumer: string, reasons: readonly Reason[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await write(tx, consumer, reasons);
      for (const { event } of reasons) await remove(tx, consumer, event.seq);
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
