import { faultOf, isDuplicateKey } from './mariadb-fault.js';
import type { MariadbSession } from './mariadb-session.js';
import type { ReadTx, SqlValue, Tx } from './unit-of-work.js';

/** Far from the server's largest packet, whatever the rows hold. */
const ROWS_A_STATEMENT = 200;

export class MariadbReadTx implements ReadTx {
  private failed: Error | undefined;
  private ended = false;
  /** Whether anything has been answered yet. */
  answered = false;

  constructor(protected readonly session: MariadbSession) {}

  /** What broke the transaction, if anything: it cannot be gone on with, whatever the work made of it. */
  get failure(): Error | undefined {
    return this.failed;
  }

  /** Work that goes on after its promise settled would write into a stranger's transaction. */
  end(): void {
    this.ended = true;
  }

  async all<T extends object>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return this.attempt(() => this.session.rows<T>(sql, params));
  }

  async one<T extends object>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0];
  }

  protected async attempt<T>(statement: () => Promise<T>): Promise<T> {
    if (this.ended) throw new Error('a transaction was used after its work had ended');
    // The server has undone it: what is said now would be a transaction of its own.
    if (this.failed) throw this.failed;
    try {
      const answer = await statement();
      this.answered = true;
      return answer;
    } catch (error) {
      if (faultOf(error) !== 'other') this.failed = error as Error;
      throw error;
    }
  }
}

export class MariadbTx extends MariadbReadTx implements Tx {
  readonly forUpdate = ' FOR UPDATE';
  private depth = 0;
  /** Savepoints that are not set yet, the outermost first: until something is written there is nothing to undo. */
  private readonly unset: string[] = [];

  /** `added`: is told the tables that rows are inserted into. */
  constructor(
    session: MariadbSession,
    private readonly added: Set<string>,
  ) {
    super(session);
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.write(() => this.session.change(sql, params));
  }

  async insert(table: string, row: Record<string, SqlValue>): Promise<void> {
    await this.run(insertText(table, row), Object.values(row));
    this.added.add(table);
  }

  async insertMany(table: string, rows: readonly Record<string, SqlValue>[]): Promise<void> {
    await this.insertAll(table, rows);
    this.added.add(table);
  }

  /** Not INSERT IGNORE, which takes whatever else is wrong with the row in silence. */
  async insertIfAbsent(table: string, row: Record<string, SqlValue>): Promise<boolean> {
    try {
      await this.insert(table, row);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async upsert(table: string, row: Record<string, SqlValue>, key: readonly string[]): Promise<void> {
    await this.run(`${insertText(table, row)} ${orOverwrite(row, key)}`, Object.values(row));
  }

  async upsertMany(table: string, rows: readonly Record<string, SqlValue>[], key: readonly string[]): Promise<void> {
    if (rows.length === 1) await this.upsert(table, rows[0]!, key);
    else if (rows.length > 1) await this.insertAll(table, rows, orOverwrite(rows[0]!, key));
  }

  async nested<T>(work: () => Promise<T>): Promise<T> {
    // A later one of the same name takes the place of an earlier one: none needs to be released.
    const name = `nested_${++this.depth}`;
    this.unset.push(name);
    try {
      return await work();
    } catch (error) {
      const isSet = !this.unset.includes(name);
      if (isSet && !this.failure) await this.attempt(() => this.session.say(`ROLLBACK TO SAVEPOINT ${name}`));
      throw error;
    } finally {
      if (this.unset.at(-1) === name) this.unset.pop();
      this.depth--;
    }
  }

  private async insertAll(table: string, rows: readonly Record<string, SqlValue>[], otherwise = ''): Promise<void> {
    for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
      const some = rows.slice(from, from + ROWS_A_STATEMENT);
      await this.write(() => this.session.insert(table, Object.keys(some[0]!), some.map(Object.values), otherwise));
    }
  }

  private async write<T>(statement: () => Promise<T>): Promise<T> {
    for (const name of this.unset.splice(0)) await this.attempt(() => this.session.say(`SAVEPOINT ${name}`));
    return this.attempt(statement);
  }
}

function insertText(table: string, row: Record<string, SqlValue>): string {
  const columns = Object.keys(row);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

function orOverwrite(row: Record<string, SqlValue>, key: readonly string[]): string {
  const columns = Object.keys(row).filter((column) => !key.includes(column));
  const updates = (columns.length ? columns : key).map((column) => `${column} = VALUES(${column})`);
  return `ON DUPLICATE KEY UPDATE ${updates.join(', ')}`;
}
