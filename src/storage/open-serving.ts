import { type Connection, createConnection } from 'mysql2/promise';
import { type MariadbAddress, optionsOf } from './mariadb-address.js';

const PREPARATION = [
  // One that has lost the others of its cluster, or has not caught up with them yet, lets in whoever comes, and refuses this.
  'DO 0',
  // Of several servers each shows what was committed on any of them before; said so that MySQL passes over it.
  'SET SESSION autocommit = 1 /*M!100600 , wsrep_sync_wait = 7 */',
];

/**
 * A connection to a server that serves, by its own word. Whether an error means that another one is to be asked,
 * `isOutOfService` and `faultOf` know.
 * @throws what the driver throws, also when it takes longer than `withinMs`, in which case it is a server that stands still
 */
export async function openServing(address: MariadbAddress, withinMs?: number): Promise<Connection> {
  const options = optionsOf(address);
  const timeout = withinMs ?? options.connectTimeout!;
  const connection = await createConnection({ ...options, connectTimeout: timeout });
  try {
    for (const sql of PREPARATION) await connection.query({ sql, timeout });
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}
