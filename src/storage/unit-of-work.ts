export type SqlValue = string | number | null;
export type Row = Record<string, unknown>;

/** Reads inside one consistent view of the database. `?` are the placeholders, on every engine. */
export interface ReadTx {
  all<T extends object = Row>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
  one<T extends object = Row>(sql: string, params?: readonly SqlValue[]): Promise<T | undefined>;
}

/**
 * Writes that commit together. Work inside may await nothing but its own transaction:
 * on SQLite many pieces of work share one file lock, and one that waits for the network holds up all.
 */
export interface Tx extends ReadTx {
  /** Answers the number of rows changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>;
  insert(table: string, row: Record<string, SqlValue>): Promise<void>;
  /** Rows of the same columns, in few statements where each costs a way to the server and back. */
  insertMany(table: string, rows: readonly Record<string, SqlValue>[]): Promise<void>;
  /** Answers false, and writes nothing, when a row with the same key stands already. */
  insertIfAbsent(table: string, row: Record<string, SqlValue>): Promise<boolean>;
  /** Inserts, or overwrites every column of the row with the same `key` columns. */
  upsert(table: string, row: Record<string, SqlValue>, key: readonly string[]): Promise<void>;
  /** The same for rows of the same columns and different keys, in few statements. */
  upsertMany(table: string, rows: readonly Record<string, SqlValue>[], key: readonly string[]): Promise<void>;
  /** Undoes what `work` wrote when it throws, and throws on. */
  nested<T>(work: () => Promise<T>): Promise<T>;
  /** Appended to a SELECT that must keep others from changing its rows until commit. */
  readonly forUpdate: '' | ' FOR UPDATE';
}

/** `first`: somebody waits for it. `after`: the hub's own work that follows from what happened; it may stand back a little. */
export type Turn = 'first' | 'after';

/**
 * `repeatable`: the work finds by itself what an earlier run of it wrote, as a command does by its id, or writes the same
 * again. `once`: it does not, which costs a row more where the answer to a commit can be lost.
 */
export type Repeat = 'once' | 'repeatable';

/** The database cannot be reached, or is too busy: nothing is known to have been kept, and the same may be tried again. */
export class StorageUnavailable extends Error {
  constructor(why: string) {
    super(`the database is not available: ${why}`);
  }
}

/** Thrown by work before which something else has to be done that is under way: it is run again, whole, a little later. */
export class OthersFirst extends Error {}

/** The one place that opens a writing transaction (traps: `docs/adr/0003-sqlite-embedded.md`). */
export abstract class UnitOfWork {
  /**
   * Resolves after the commit is durable; rejects when `work` threw, with nothing of it kept. Work may run more than once
   * (on MariaDB: a deadlock, a lost connection), and only its last run counts: it tells the world by its answer alone.
   * @throws {StorageUnavailable}
   */
  abstract run<T>(work: (tx: Tx) => Promise<T>, turn?: Turn, repeat?: Repeat): Promise<T>;
  /** Called inside each transaction as its last step, once for all the work in it. */
  abstract beforeCommit(step: (tx: Tx) => Promise<void>): void;
  /** Called after each commit, with the tables that rows were inserted into; may be lost without harm. */
  abstract onCommit(listener: (added: ReadonlySet<string>) => void): void;
}

export interface ReadOptions {
  /**
   * The view may be some seconds old: it may come from a replica. For searches and lists of the past. Never for what a
   * console subscribes to, for what follows the log, or where somebody must find what he has just written. Such work may
   * be begun anew elsewhere, and its first run go on in vain: it tells the world by its answer alone.
   */
  mayLag?: boolean;
}

/** Reads that never see uncommitted rows, each `run` in one consistent view. */
export abstract class ReadModel {
  /** @throws {StorageUnavailable} */
  abstract run<T>(work: (tx: ReadTx) => Promise<T>, options?: ReadOptions): Promise<T>;
}
