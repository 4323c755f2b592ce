import { closeMariadb, openMariadb } from '../../src/storage/mariadb-database.js';
import { MariadbProcess } from './mariadb-process.js';

type Rows = Readonly<Record<string, readonly object[]>>;

export interface LentDatabase {
  url: string;
  /** When nobody uses it any more. */
  giveBack(): void;
}

/** Empty, migrated databases on one MariaDB. Those that were given back are emptied and lent again: migrations take long. */
export class LentDatabases {
  private readonly free: { url: string; first: Rows }[] = [];

  private constructor(readonly server: MariadbProcess) {}

  static async start(): Promise<LentDatabases> {
    return new LentDatabases(await MariadbProcess.started());
  }

  async lend(): Promise<LentDatabase> {
    const used = this.free.pop();
    if (used) await this.server.empty(used.url, used.first);
    const database = used ?? (await this.fresh());
    return { url: database.url, giveBack: () => void this.free.push(database) };
  }

  async remove(): Promise<void> {
    await this.server.remove();
  }

  private async fresh(): Promise<{ url: string; first: Rows }> {
    const url = await this.server.database();
    await closeMariadb(await openMariadb({ url, pool: 2 }));
    const connection = await this.server.connection(url);
    const rowsOf = async (table: string) => (await connection.query(`SELECT * FROM ${table}`))[0] as object[];
    const first = { log_head: await rowsOf('log_head'), hub_setting: await rowsOf('hub_setting') };
    connection.destroy();
    return { url, first };
  }
}
