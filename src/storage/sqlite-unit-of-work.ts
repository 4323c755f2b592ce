import type { DataSource } from 'typeorm';
import { handleOf, Statements } from './sqlite-database.js';
import { outageIn } from './sqlite-fault.js';
import { type ReadTx, type SqlValue, type StorageUnavailable, type Turn, type Tx, UnitOfWork } from './unit-of-work.js';

/** One fsync serves as many waiting commands as are carried out in this time; more would hold up sockets, reads and timers. */
const GROUP_MS = 20;
/** Where a commit itself takes long, groups last so many times as long: commands, not the disk, have most of the time. */
const GROUP_TO_COMMIT = 2;
const LONGEST_GROUP_MS = 40;
/** While both kinds wait, one in so many turns is the hub's own: people wait less in a rush, and nothing waits for ever. */
const ONE_AFTER_IN = 4;

interface Job {
  work: (tx: Tx) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

const nothingMore = () => undefined;

/** Statements run at once; promises only carry what they answered, or threw. */
class SqliteReadTx implements ReadTx {
  constructor(protected readonly statements: Statements) {}

  all<T extends object>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return this.answer(() => this.statements.prepare(sql).all(...params) as T[]);
  }

  one<T extends object>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return this.answer(() => this.statements.prepare(sql).get(...params) as T | undefined);
  }

  /** Not `async`: a command has dozens of statements, and each would wait several turns more. */
  protected answer<T>(statement: () => T): Promise<T> {
    return new Promise((resolve) => resolve(statement()));
  }
}

class SqliteTx extends SqliteReadTx implements Tx {
  readonly forUpdate = '';
  private depth = 0;
  private ended = false;
  /** What broke it: SQLite may have undone all of the group by itself, and what is said now would be no part of it. */
  outage: StorageUnavailable | undefined;

  /** `added`: is told the tables that rows are inserted into. */
  constructor(
    statements: Statements,
    private readonly added: Set<string>,
  ) {
    super(statements);
  }

  /** Work that goes on after its promise settled would write into a stranger's transaction. */
  end(): void {
    this.ended = true;
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.answer(() => this.statements.prepare(sql).run(...params).changes);
  }

  protected override answer<T>(statement: () => T): Promise<T> {
    if (this.ended) return Promise.reject(new Error('a transaction was used after its work had ended'));
    if (this.outage) return Promise.reject(this.outage);
    return super.answer(() => {
      try {
        return statement();
      } catch (error) {
        this.outage = outageIn(error);
        throw error;
      }
    });
  }

  async insert(table: string, row: Record<string, SqlValue>): Promise<void> {
    await this.run(insertText('INSERT', table, row), Object.values(row));
    this.added.add(table);
  }

  async insertMany(table: string, rows: readonly Record<string, SqlValue>[]): Promise<void> {
    for (const row of rows) await this.insert(table, row);
  }

  async insertIfAbsent(table: string, row: Record<string, SqlValue>): Promise<boolean> {
    const inserted = await this.run(`${insertText('INSERT', table, row)} ON CONFLICT DO NOTHING`, Object.values(row));
    if (inserted === 1) this.added.add(table);
    return inserted === 1;
  }

  async upsert(table: string, row: Record<string, SqlValue>, key: readonly string[]): Promise<void> {
    const updates = Object.keys(row)
      .filter((column) => !key.includes(column))
      .map((column) => `${column} = excluded.${column}`);
    const action = updates.length ? `DO UPDATE SET ${updates.join(', ')}` : 'DO NOTHING';
    await this.run(`${insertText('INSERT', table, row)} ON CONFLICT (${key.join(', ')}) ${action}`, Object.values(row));
  }

  async upsertMany(table: string, rows: readonly Record<string, SqlValue>[], key: readonly string[]): Promise<void> {
    for (const row of rows) await this.upsert(table, row, key);
  }

  async nested<T>(work: () => Promise<T>): Promise<T> {
    const name = `nested_${++this.depth}`;
    await this.run(`SAVEPOINT ${name}`);
    try {
      const result = await work();
      await this.run(`RELEASE ${name}`);
      return result;
    } catch (error) {
      if (this.outage) throw error;
      await this.run(`ROLLBACK TO ${name}`);
      await this.run(`RELEASE ${name}`);
      throw error;
    } finally {
      this.depth--;
    }
  }
}

function insertText(verb: string, table: string, row: Record<string, SqlValue>): string {
  const columns = Object.keys(row);
  return `${verb} INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

/**
 * All writes of the process in one line, because a SQLite connection has one transaction at a time.
 * Those that wait together commit together: a savepoint each, one fsync for all, answers after it.
 */
export class SqliteUnitOfWork extends UnitOfWork {
  readonly size = 1;
  private readonly statements: Statements;
  private readonly waiting: Record<Turn, Job[]> = { first: [], after: [] };
  /** Of those that came first, since one of the others had its turn. */
  private firstInARow = 0;
  private readonly steps: ((tx: Tx) => Promise<void>)[] = [];
  private readonly listeners: ((added: ReadonlySet<string>) => void)[] = [];
  private draining: Promise<void> | undefined;
  /** What came after the last group's commands took so long. */
  private commitMs = 0;

  constructor(writer: DataSource) {
    super();
    this.statements = new Statements(handleOf(writer));
  }

  run<T>(work: (tx: Tx) => Promise<T>, turn: Turn = 'first'): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      this.waiting[turn].push({ work, resolve: resolve as (value: unknown) => void, reject });
    });
    this.draining ??= this.drain();
    return done;
  }

  beforeCommit(step: (tx: Tx) => Promise<void>): void {
    this.steps.push(step);
  }

  onCommit(listener: (added: ReadonlySet<string>) => void): void {
    this.listeners.push(listener);
  }

  /** As of a pool with one connection: whether it is at work, and what waits for its turn. */
  get load(): { taken: number; waiting: number } {
    return { taken: this.draining ? 1 : 0, waiting: this.waiting.first.length + this.waiting.after.length };
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.draining) await this.draining;
  }

  private async drain(): Promise<void> {
    // Let commands that arrive in the same turn of the event loop join the group; timers and sockets get theirs between groups.
    do {
      await new Promise((resolve) => setImmediate(resolve));
      await this.commitGroup();
    } while (this.anyWaiting);
    this.draining = undefined;
  }

  private async commitGroup(): Promise<void> {
    const groupMs = Math.min(LONGEST_GROUP_MS, Math.max(GROUP_MS, this.commitMs * GROUP_TO_COMMIT));
    const until = performance.now() + groupMs;
    const jobs: Job[] = [];
    const answers: (() => void)[] = [];
    const added = new Set<string>();
    let written = false;
    try {
      this.execute('BEGIN IMMEDIATE');
      do {
        const job = this.next();
        jobs.push(job);
        answers.push(await this.runInSavepoint(job, added));
      } while (this.anyWaiting && performance.now() < until);
      const done = performance.now();
      const tx = new SqliteTx(this.statements, added);
      for (const step of this.steps) await step(tx);
      tx.end();
      this.execute('COMMIT');
      this.commitMs = performance.now() - done;
      written = true;
    } catch (error) {
      this.rollBack();
      // Without a transaction nothing can be written: all that wait are told so at once.
      for (const job of jobs.length > 0 ? jobs : this.all()) job.reject(outageIn(error) ?? error);
    }
    if (!written) return;
    for (const answer of answers) answer();
    for (const listener of this.listeners) listener(added);
  }

  private get anyWaiting(): boolean {
    return this.waiting.first.length > 0 || this.waiting.after.length > 0;
  }

  private next(): Job {
    const { first, after } = this.waiting;
    const turn = after.length > 0 && (first.length === 0 || this.firstInARow >= ONE_AFTER_IN - 1) ? after : first;
    this.firstInARow = turn === first ? this.firstInARow + 1 : 0;
    return turn.shift()!;
  }

  private all(): Job[] {
    return [...this.waiting.first.splice(0), ...this.waiting.after.splice(0)];
  }

  private async runInSavepoint({ work, resolve, reject }: Job, added: Set<string>): Promise<() => void> {
    const tx = new SqliteTx(this.statements, added);
    this.execute('SAVEPOINT work');
    try {
      const value = await work(tx);
      if (tx.outage) throw tx.outage;
      this.execute('RELEASE work');
      return () => resolve(value);
    } catch (error) {
      if (tx.outage) throw tx.outage;
      this.execute('ROLLBACK TO work');
      this.execute('RELEASE work');
      return () => reject(error);
    } finally {
      tx.end();
    }
  }

  private rollBack(): void {
    try {
      this.execute('ROLLBACK');
    } catch {
      nothingMore(); // SQLite rolled back by itself (disk full, I/O error).
    }
  }

  private execute(sql: string): void {
    this.statements.prepare(sql).run();
  }
}

export { SqliteReadTx };
