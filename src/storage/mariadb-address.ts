import type { ConnectionOptions } from 'mysql2/promise';
import { hostOf, serverUrls } from '../config/server-urls.js';

/** Longer, and the server counts as out of reach. */
const CONNECT_MS = 5_000;
/** Kept on the server for each connection: what is said most is said in few forms, lists of keys in many. */
export const PREPARED = 200;

/** Where a database is reached. With its password: never to be shown. */
export interface MariadbAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Encrypted, and the server proves its name by a certificate. */
  tls: boolean;
}

/** `mysql://user:password@host[:port][,host[:port]…]/name[?tls=1]`, as the settings have checked it: one for each host, in order. */
export function addressesOf(url: string): MariadbAddress[] {
  return serverUrls(url)!.map((server) => ({
    host: hostOf(server),
    port: server.port ? Number(server.port) : 3306,
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    database: decodeURIComponent(server.pathname.slice(1)),
    tls: server.searchParams.get('tls') === '1',
  }));
}

/** As the driver wants them: numbers come as numbers, an update answers how many rows it found. */
export function optionsOf({ tls, ...address }: MariadbAddress): ConnectionOptions {
  return {
    ...address,
    ...(tls ? { ssl: { verifyIdentity: true, minVersion: 'TLSv1.2' } } : {}),
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    decimalNumbers: true,
    maxPreparedStatements: PREPARED,
    // Where a statement was said is known from its words; to note it down each time is a twentieth of the hub's own time.
    trace: false,
    flags: ['FOUND_ROWS'],
  };
}
