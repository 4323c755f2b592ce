import { format } from 'mysql2';
import { type Connection, createConnection } from 'mysql2/promise';
import { Overtaken, type PlacingLine, type Statement } from '../event-log/placing-line.js';
import { type MariadbAddress, optionsOf } from './mariadb-address.js';
import { faultOf, isDuplicateKey, isOutOfService, reasonOf } from './mariadb-fault.js';
import type { MariadbServers } from './mariadb-servers.js';
import { type Row, StorageUnavailable } from './unit-of-work.js';

/** No statement here takes so long, unless nobody is at the other end. */
const ANSWER_MS = 10_000;
/** A packet whose sender is gone in a moment when it cannot end its transaction is undone by the server after so long. */
const IDLE_S = 5;
/** Whoever holds the next place has it for one packet. */
const LOCK_WAIT_S = 3;

const PREPARATION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // Of several servers each shows what was committed on any of them before.
  `SET SESSION wait_timeout = ${IDLE_S}, innodb_lock_wait_timeout = ${LOCK_WAIT_S} /*M!100600 , wsrep_sync_wait = 7 */`,
];

/**
 * One connection of its own, opened when it is needed and again when it was lost. The only one on which several statements
 * may come in one packet.
 */
export class MariadbLine implements PlacingLine {
  private server: MariadbAddress | undefined;
  private connection: Promise<Connection> | undefined;

  constructor(private readonly servers: MariadbServers) {}

  async send(statements: readonly Statement[]): Promise<Row[][]> {
    const results = await this.say(packetOf(statements));
    const each = (statements.length > 1 ? results : [results]) as unknown[];
    return each.map((result) => (Array.isArray(result) ? (result as Row[]) : []));
  }

  /**
   * As one compound statement, which ends with the first that fails. Of several in a packet, a server of a cluster that
   * undoes the transaction between two of them would carry out those that are left, each by itself. MySQL, which has
   * neither, reads what stands in the comments as such.
   */
  async commit(statements: readonly Statement[]): Promise<void> {
    await this.say(`/*M! BEGIN NOT ATOMIC */ START TRANSACTION; ${packetOf(statements)}; COMMIT /*M!; END */`);
  }

  private async say(packet: string): Promise<unknown> {
    const connection = await this.open();
    try {
      return (await answered(connection.query(packet)))[0];
    } catch (error) {
      await this.mend(connection, error);
      if (isDuplicateKey(error) || faultOf(error) === 'conflict') throw new Overtaken(reasonOf(error));
      throw new StorageUnavailable(reasonOf(error));
    }
  }

  close(): void {
    void this.connection?.then((connection) => connection.destroy()).catch(() => undefined);
    this.connection = undefined;
  }

  private async open(): Promise<Connection> {
    // Others found out that it does not serve.
    const server = this.servers.current;
    if (this.server !== server) this.close();
    this.server = server;
    this.connection ??= this.opened(server);
    try {
      return await this.connection;
    } catch (error) {
      this.connection = undefined;
      this.servers.doesNotServe(server, reasonOf(error));
      throw new StorageUnavailable(reasonOf(error));
    }
  }

  private async opened(server: MariadbAddress): Promise<Connection> {
    const connection = await createConnection({ ...optionsOf(server), multipleStatements: true });
    // The server hangs up on who is silent; that is found out at the next send, too.
    connection.on('error', () => this.drop(connection));
    try {
      await connection.query(PREPARATION.join('; '));
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  private async mend(connection: Connection, error: unknown): Promise<void> {
    if (error instanceof NoAnswer || isOutOfService(error)) this.servers.doesNotServe(this.server!, reasonOf(error));
    if (error instanceof NoAnswer || faultOf(error) === 'lost') return this.drop(connection);
    await answered(connection.query('ROLLBACK')).catch(() => this.drop(connection));
  }

  private drop(connection: Connection): void {
    connection.destroy();
    this.connection = undefined;
  }
}

const packetOf = (statements: readonly Statement[]): string =>
  statements.map(([text, ...params]) => format(text, params)).join('; ');

class NoAnswer extends Error {}

async function answered<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer for ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
