import mysql, { type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { isOutOfPrepared } from './mariadb-fault.js';
import type { SqlValue } from './unit-of-work.js';

/** No statement of the hub takes so long, waits for locks included: the server stands still, or the line is cut in silence. */
const STATEMENT_MS = 15_000;

/** One connection while one piece of work has it. */
export class MariadbSession {
  constructor(
    private readonly connection: PoolConnection,
    private readonly onEnd: () => void,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** A statement without parameters, of those that the server does not prepare. */
  async say(sql: string): Promise<void> {
    await this.timely(this.connection.query(sql));
  }

  async rows<T extends object>(sql: string, params: readonly SqlValue[]): Promise<T[]> {
    return (await this.prepared<RowDataPacket[]>(sql, params)) as unknown as T[];
  }

  /** Answers the number of rows that were found to be changed. */
  async change(sql: string, params: readonly SqlValue[]): Promise<number> {
    return (await this.prepared<ResultSetHeader>(sql, params)).affectedRows;
  }

  /**
   * Rows in one statement, which the server does not prepare: there would be one for each number of rows. `otherwise`: what
   * it does where a row stands already.
   */
  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
    otherwise = '',
  ): Promise<void> {
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ? ${otherwise}`;
    await this.timely(this.connection.query(sql, [rows]));
  }

  release(): void {
    this.onEnd();
    this.connection.release();
  }

  destroy(): void {
    this.onEnd();
    this.connection.destroy();
  }

  /** The transaction goes on where the server has no room to prepare it: the statement is said with its values in it. */
  private async prepared<T extends RowDataPacket[] | ResultSetHeader>(
    sql: string,
    params: readonly SqlValue[],
  ): Promise<T> {
    try {
      return (await this.timely(this.connection.execute<T>(sql, params.map(bound))))[0];
    } catch (error) {
      if (!isOutOfPrepared(error)) throw error;
      return (await this.timely(this.connection.query<T>(sql, [...params])))[0];
    }
  }

  private async timely<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.cut(), STATEMENT_MS);
    try {
      return await answer;
    } catch (error) {
      this.onFault(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whoever waits on it is told that it is lost: the driver's own `destroy` would leave them waiting. */
  private cut(): void {
    const { stream } = this.connection.connection as unknown as { stream: { destroy(error: Error): void } };
    stream.destroy(Object.assign(new Error(`no answer within ${STATEMENT_MS} ms`), { code: 'ETIMEDOUT', fatal: true }));
  }
}

/** Whole numbers as such: the driver would send doubles, which LIMIT refuses. */
function bound(value: SqlValue) {
  return typeof value === 'number' && Number.isInteger(value) ? mysql.TypedParameter.BIGINT(value) : value;
}
