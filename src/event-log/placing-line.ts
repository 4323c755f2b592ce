import type { Row, SqlValue } from '../storage/unit-of-work.js';

/** `?` are the placeholders; a list stands for `a, b, c`, a list of lists for `(a, b), (c, d)`. */
export type Statement = readonly [sql: string, ...params: (SqlValue | SqlValue[] | SqlValue[][])[]];

/**
 * A connection that placing has for itself. Nothing is open on it between two sends, so that a process that stands still
 * in between keeps nobody from anything.
 */
export interface PlacingLine {
  /**
   * All statements in one packet: the server carries them out, in order and up to the first that fails, whatever becomes
   * of the sender. Answers the rows of each.
   * @throws {Overtaken} when one of them met what another node wrote.
   */
  send(statements: readonly Statement[]): Promise<Row[][]>;
  /**
   * All statements in one packet and one transaction: all of them, or none.
   * @throws {Overtaken} as `send`
   */
  commit(statements: readonly Statement[]): Promise<void>;
  close(): void;
}

/** Another node was first. */
export class Overtaken extends Error {}
