import { Logger } from '@nestjs/common';
import { type MariadbAddress, addressesOf } from './mariadb-address.js';

/**
 * The servers of one database, each of which has all of it. All connections of this process go to one of them, the first
 * at the beginning, until it does not serve; then to the next. Who is asked when nobody serves is then asked in turn.
 */
export class MariadbServers {
  private readonly log = new Logger('Database');
  private at = 0;

  constructor(private readonly all: readonly MariadbAddress[]) {}

  static of(url: string): MariadbServers {
    return new MariadbServers(addressesOf(url));
  }

  /** Where new connections go. */
  get current(): MariadbAddress {
    return this.all[this.at]!;
  }

  isCurrent({ host, port }: { host?: string | undefined; port?: number | undefined }): boolean {
    return host === this.current.host && port === this.current.port;
  }

  /** This one cannot be reached, or says that it must not be asked. Nothing happens when it is not asked any more. */
  doesNotServe(server: MariadbAddress, why: string): void {
    if (this.all.length === 1 || server !== this.current) return;
    this.at = (this.at + 1) % this.all.length;
    const [from, to] = [server, this.current].map(({ host, port }) => `${host}:${port}`);
    this.log.warn(`the database at ${from} does not serve (${why}); that at ${to} is asked from now on`);
  }
}
