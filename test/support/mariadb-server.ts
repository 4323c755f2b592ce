import { connect } from 'node:net';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

export const USER = 'hub';
/** With what a URL has to escape, so that nobody forgets it. */
export const PASSWORD = 'pa:ss/w@rd?';

type Rows = Readonly<Record<string, readonly object[]>>;

/** A MariaDB server that runs somewhere on this machine, as one who may do everything sees it. */
export class MariadbServer {
  private databases = 0;

  /** `prefix`: of the names of its databases, where others make some there, too. */
  constructor(
    readonly port: number,
    private readonly prefix = 'hub',
  ) {}

  /** Without a database's name. */
  get url(): string {
    return this.urlOf('');
  }

  /** As a database of it is reached, through another port if told so. */
  urlOf(database: string, port = this.port): string {
    return `mysql://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  }

  /** The URL of a new, empty database. */
  async database(): Promise<string> {
    const name = `${this.prefix}_${++this.databases}`;
    await this.say(`CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** The URL of a new database with the tables and rows of another one, which nobody changes meanwhile. */
  async copy(original: string): Promise<string> {
    const copy = await this.database();
    const connection = await this.connection(copy);
    const from = new URL(original).pathname.slice(1);
    for (const table of await this.tables(connection, from)) {
      await connection.query(`CREATE TABLE ${table} LIKE ${from}.${table}`);
    }
    for (const table of await this.usedTables(connection, from)) {
      await connection.query(`INSERT INTO ${table} SELECT * FROM ${from}.${table}`);
    }
    connection.destroy();
    return copy;
  }

  async drop(url: string): Promise<void> {
    await this.say(`DROP DATABASE ${new URL(url).pathname.slice(1)}`);
  }

  /** All that was written since the database was made goes; `kept` are the rows that it was made with. */
  async empty(url: string, kept: Rows): Promise<void> {
    const connection = await this.connection(url);
    for (const table of await this.usedTables(connection, new URL(url).pathname.slice(1))) {
      if (table !== 'migrations') await connection.query(`TRUNCATE ${table}`);
    }
    for (const [table, rows] of Object.entries(kept)) {
      for (const row of rows) await connection.query(`INSERT INTO ${table} SET ?`, [row]);
    }
    connection.destroy();
  }

  /** One statement on a connection of its own, outside any database. */
  async say(sql: string): Promise<RowDataPacket[]> {
    const connection = await this.connection();
    try {
      return await rowsOf(connection, sql);
    } finally {
      connection.destroy();
    }
  }

  /** The driver's own, to be ended by who asked for it. */
  connection(url = this.url): Promise<Connection> {
    return createConnection({ uri: url });
  }

  async answers(): Promise<boolean> {
    return (await listens(this.port)) && (await this.say('SELECT 1 AS one')).length === 1;
  }

  private async tables(connection: Connection, database: string): Promise<string[]> {
    return (await rowsOf(connection, `SHOW TABLES IN ${database}`)).flatMap((row) => Object.values(row) as string[]);
  }

  private async usedTables(connection: Connection, database: string): Promise<string[]> {
    const tables = await this.tables(connection, database);
    const each = tables.map(
      (table) => `SELECT '${table}' AS name, EXISTS (SELECT 1 FROM ${database}.${table}) AS used`,
    );
    const rows = each.length ? await rowsOf(connection, each.join(' UNION ALL ')) : [];
    return rows.filter(({ used }) => used).map(({ name }) => name as string);
  }
}

async function rowsOf(connection: Connection, sql: string): Promise<RowDataPacket[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
