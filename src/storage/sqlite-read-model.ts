import type { DataSource } from 'typeorm';
import { handleOf, Statements } from './sqlite-database.js';
import { outageIn } from './sqlite-fault.js';
import { SqliteReadTx } from './sqlite-unit-of-work.js';
import { ReadModel, type ReadTx } from './unit-of-work.js';

/** Reads in one line on the second connection, each in a transaction of its own. */
export class SqliteReadModel extends ReadModel {
  private readonly statements: Statements;
  private last: Promise<unknown> = Promise.resolve();

  constructor(reader: DataSource) {
    super();
    this.statements = new Statements(handleOf(reader));
  }

  run<T>(work: (tx: ReadTx) => Promise<T>): Promise<T> {
    const mine = this.last.then(() => this.inTransaction(work));
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async inTransaction<T>(work: (tx: ReadTx) => Promise<T>): Promise<T> {
    this.statements.prepare('BEGIN').run();
    try {
      return await work(new SqliteReadTx(this.statements));
    } catch (error) {
      throw outageIn(error) ?? error;
    } finally {
      this.statements.prepare('COMMIT').run();
    }
  }
}
