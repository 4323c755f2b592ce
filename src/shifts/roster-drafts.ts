import { Injectable } from '@nestjs/common';
import type { RosteredShift } from '../domain/shift/rostered-shift.js';
import { type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { RosterStore } from './roster-store.js';

type State = 'writing' | 'in_force' | 'dropped';

/**
 * Rows of a roster that are written ahead, a few in each transaction, so that no command waits for all of them. They are
 * not there until their import is in force, which is one small row. [SH2]
 */
@Injectable()
export class RosterDrafts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly roster: RosterStore,
  ) {}

  async begin(importId: string, days: readonly string[]): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.insert('roster_import', { import_id: importId, state: 'writing', days: JSON.stringify(days) }),
    );
  }

  /** False, and nothing written, when another import has dropped this one. */
  async add(importId: string, shifts: readonly RosteredShift[]): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const writing = await tx.one(
        `SELECT import_id FROM roster_import WHERE import_id = ? AND state = 'writing'${tx.forUpdate}`,
        [importId],
      );
      if (writing) await this.roster.add(tx, shifts, importId);
      return writing !== undefined;
    });
  }

  /** In the transaction from which on they hold. False when another import has dropped this one. */
  async putInForce(tx: Tx, importId: string): Promise<boolean> {
    const now = await tx.run(`UPDATE roster_import SET state = 'in_force' WHERE import_id = ? AND state = 'writing'`, [
      importId,
    ]);
    return now === 1;
  }

  /**
   * Takes away what no import will put in force any more (there is one at a time, and it comes later), and leaves no trace
   * of those that are.
   */
  async clear(): Promise<void> {
    const imports = await this.unitOfWork.run(async (tx) => {
      await tx.run(`UPDATE roster_import SET state = 'dropped' WHERE state = 'writing'`);
      return tx.all<{ import_id: string; state: State; days: string }>('SELECT * FROM roster_import');
    });
    for (const { import_id, state, days } of imports) {
      const work =
        state === 'in_force' ? 'UPDATE roster_shift SET import_id = NULL WHERE' : 'DELETE FROM roster_shift WHERE';
      for (const day of JSON.parse(days) as string[]) {
        await this.unitOfWork.run((tx) => tx.run(`${work} day = ? AND import_id = ?`, [day, import_id]));
      }
      await this.unitOfWork.run((tx) => tx.run('DELETE FROM roster_import WHERE import_id = ?', [import_id]));
    }
  }
}
