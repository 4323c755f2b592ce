import type { MariadbServer } from './mariadb-server.js';
import { sharedMariadb } from './shared-mariadb.js';

type Rows = Readonly<Record<string, readonly object[]>>;

export interface LentDatabase {
  url: string;
  /** When nobody uses it any more. */
  giveBack(): void;
}

/**
 * Empty, migrated databases on the MariaDB of this run, for one spec file. They are copies of one that was migrated, for
 * migrations take long; those that were given back are emptied and lent again.
 */
export class LentDatabases {
  private readonly free: string[] = [];
  private readonly all: string[] = [];

  private constructor(
    readonly server: MariadbServer,
    private readonly migrated: string,
    private readonly first: Rows,
  ) {}

  static async open(): Promise<LentDatabases> {
    const { server, migrated } = await sharedMariadb();
    const connection = await server.connection(migrated);
    const rowsOf = async (table: string) => (await connection.query(`SELECT * FROM ${table}`))[0] as object[];
    const first = { log_head: await rowsOf('log_head'), hub_setting: await rowsOf('hub_setting') };
    connection.destroy();
    return new LentDatabases(server, migrated, first);
  }

  async lend(): Promise<LentDatabase> {
    const used = this.free.pop();
    if (used) await this.server.empty(used, this.first);
    return this.lent(used ?? (await this.server.copy(this.migrated)));
  }

  /** One with everything that is in another, which nobody uses meanwhile. */
  async lendCopy(original: string): Promise<LentDatabase> {
    return this.lent(await this.server.copy(original));
  }

  /** All that were lent are gone. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((url) => this.server.drop(url)));
  }

  private lent(url: string): LentDatabase {
    if (!this.all.includes(url)) this.all.push(url);
    return { url, giveBack: () => void this.free.push(url) };
  }
}
