import { connect, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { optionsOf } from './mariadb-address.js';
import { faultOf, isOutOfPrepared, isOutOfService, reasonOf } from './mariadb-fault.js';
import type { MariadbServers } from './mariadb-servers.js';
import { MariadbSession } from './mariadb-session.js';
import { openServing } from './open-serving.js';
import { StorageUnavailable } from './unit-of-work.js';

/** Who waits longer for a connection is told that the hub is busy. */
const ACQUIRE_MS = 10_000;

const KEEP_ALIVE_MS = 10_000;

/** The driver's own settings of one connection. */
interface ConnectionConfig {
  host: string;
  port: number;
}

/**
 * A bounded number of connections to the server that serves, each prepared by the same statements before its first use.
 */
export class MariadbPool {
  private readonly pool: Pool;
  private readonly prepared = new WeakSet<object>();
  private readonly listeners: ((seconds: number) => void)[] = [];
  private taken = 0;
  private waiting = 0;
  private toldOfNoRoom = false;

  constructor(
    private readonly servers: MariadbServers,
    readonly size: number,
    private readonly preparation: readonly string[],
    private readonly acquireMs = ACQUIRE_MS,
  ) {
    this.pool = createPool({
      ...optionsOf(servers.current),
      ...{ connectionLimit: size, maxIdle: size, waitForConnections: true },
      // Called for each connection with its own copy of what is said above.
      stream: ({ config }: { config: ConnectionConfig }) => this.line(config),
    });
  }

  /** Now in use, and pieces of work that wait for one. */
  get load(): { taken: number; waiting: number } {
    return { taken: this.taken, waiting: this.waiting };
  }

  /** Called with how long each one waited for its connection, s. */
  onTaken(listener: (seconds: number) => void): void {
    this.listeners.push(listener);
  }

  /** To be given back by `release`, or by `destroy` when it may not be used any more. */
  async take(): Promise<MariadbSession> {
    const begun = performance.now();
    this.waiting += 1;
    const connection = await this.connection().finally(() => (this.waiting -= 1));
    this.taken += 1;
    for (const listener of this.listeners) listener((performance.now() - begun) / 1_000);
    const server = this.servers.current;
    const session = new MariadbSession(
      connection,
      () => (this.taken -= 1),
      (error) => {
        if (isOutOfService(error)) this.servers.doesNotServe(server, reasonOf(error));
        if (isOutOfPrepared(error)) this.tellOfNoRoom(reasonOf(error));
      },
    );
    try {
      if (!this.prepared.has(connection.connection)) {
        for (const statement of this.preparation) await session.say(statement);
        this.prepared.add(connection.connection);
      }
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  /** Whether the server says within this time that it serves, however busy its connections here are. */
  async serves(withinMs: number): Promise<boolean> {
    const server = this.servers.current;
    try {
      (await openServing(server, withinMs)).destroy();
      return true;
    } catch (error) {
      this.servers.doesNotServe(server, reasonOf(error));
      return false;
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** Nothing is lost but time: once is enough. */
  private tellOfNoRoom(why: string): void {
    if (this.toldOfNoRoom) return;
    this.toldOfNoRoom = true;
    new Logger('Database').warn(
      `statements are said unprepared, each asked twice: raise max_prepared_stmt_count (${why})`,
    );
  }

  private async connection(): Promise<PoolConnection> {
    const wanted = this.serving();
    let patience: NodeJS.Timeout;
    const late = new Promise<never>((_come, fail) => {
      patience = setTimeout(() => {
        // It comes when nobody waits for it any more.
        wanted.then((connection) => connection.release()).catch(() => undefined);
        fail(new StorageUnavailable(`no connection was free for ${this.acquireMs} ms`));
      }, this.acquireMs);
    });
    return Promise.race([wanted, late]).finally(() => clearTimeout(patience));
  }

  /** Connections to a server that is not asked any more are closed where they turn up. */
  private async serving(): Promise<PoolConnection> {
    for (;;) {
      const server = this.servers.current;
      const connection = await this.pool.getConnection().catch((error: unknown) => {
        if (faultOf(error) === 'lost') this.servers.doesNotServe(server, reasonOf(error));
        throw error;
      });
      if (this.servers.isCurrent(connection.config)) return connection;
      connection.destroy();
    }
  }

  /** TLS looks at the name in `config`, too. */
  private line(config: ConnectionConfig): Socket {
    const { host, port } = this.servers.current;
    Object.assign(config, { host, port });
    return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  }
}
