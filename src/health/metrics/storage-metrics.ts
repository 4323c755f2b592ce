import { Injectable, Optional } from '@nestjs/common';
import { type ConnectionPool, StoreFigures } from '../../storage/store-figures.js';
import { Meters } from './meters.js';

const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5];

@Injectable()
export class StorageMetrics {
  constructor(meters: Meters, @Optional() figures: StoreFigures = new StoreFigures({})) {
    const pools = Object.entries(figures.pools);
    const eachPool = (name: string, help: string, figure: (pool: ConnectionPool) => number) =>
      meters.gauge(name, help, () => pools.map(([pool, it]) => [pool, figure(it)] as const), 'pool');
    eachPool('hub_database_connections', 'Connections that the pool may open (HUB_DATABASE_POOL)', ({ size }) => size);
    eachPool('hub_database_connections_taken', 'Connections in use, by pool', ({ load }) => load.taken);
    eachPool('hub_database_waiting', 'Pieces of work that wait for a connection, by pool', ({ load }) => load.waiting);
    const waits = meters.histogram(
      'hub_database_wait_seconds',
      'How long a piece of work waited for its connection, by pool, seconds; not on SQLite',
      SECONDS,
      'pool',
    );
    for (const [pool, it] of pools) it.onTaken?.((seconds) => waits.observe({ pool }, seconds));
    const retries = meters.tally('hub_database_retries_total', 'Work run again, by why: conflict, lost …', 'reason');
    meters.gauge('hub_wake_up_serving', '1 while words between nodes are carried, or none are needed, else 0', () =>
      figures.wakeUp?.failing === undefined ? 1 : 0,
    );
    figures.retrying?.onTryAgain((reason) => retries.inc({ reason }));
  }
}
