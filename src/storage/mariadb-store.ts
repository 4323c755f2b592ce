import { Logger } from '@nestjs/common';
import { ActsOfNodes } from '../commands/acts-of-nodes.js';
import { SystemClock } from '../config/clock.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import type { Settings } from '../config/settings.js';
import { PlacesAfterCommit } from '../event-log/places-after-commit.js';
import { PlacingAfterCommit } from '../event-log/placing-after-commit.js';
import { RedisWakeUp } from '../event-log/redis-wake-up.js';
import { closeMariadb, openMariadb } from './mariadb-database.js';
import { MariadbLine } from './mariadb-line.js';
import { MariadbReadModel } from './mariadb-read-model.js';
import { MariadbUnitOfWork } from './mariadb-unit-of-work.js';
import { aheadOfShared, apartInWords, DatabaseTime } from './shared-time.js';
import type { Store } from './store.js';
import { StoreFigures } from './store-figures.js';

/** A node further away from the time of all would call people late who are not, and the other way round. */
const MOST_APART_MS = 5_000;

/**
 * The cluster profile's: a MariaDB, or a cluster of them, that all nodes share. Besides its pools a node has three
 * connections: two lines of those that place events, one that tells of acts (docs/cluster.md, How large).
 * @throws {ConfigurationFault} also when its settings would lose acknowledged commits to a power cut, in production [I1], or
 * when this machine's time is another than the database's [LD9]
 */
export async function openMariadbStore(settings: Settings): Promise<Store> {
  const connections = await openMariadb({
    url: settings.databaseUrl!,
    replicaUrl: settings.databaseReplicaUrl,
    pool: settings.databasePool,
  });
  const readModel = new MariadbReadModel(connections.reader, connections.replica);
  const sharedTime = new DatabaseTime();
  const faults = [
    ...(settings.production ? connections.weaknesses : []),
    ...(settings.clock === 'system' ? await timeFaults(readModel, sharedTime) : []),
  ];
  if (faults.length > 0) {
    await closeMariadb(connections);
    throw new ConfigurationFault(faults);
  }
  const { weaknesses, hindrance, untested } = connections;
  for (const remark of [...weaknesses, hindrance, untested]) if (remark) new Logger('Database').warn(remark);
  const unitOfWork = new MariadbUnitOfWork(connections.writer);
  const line = () => new MariadbLine(connections.servers);
  const places = new PlacesAfterCommit(line(), line(), settings.secrets.auditKey);
  const wakeUp = RedisWakeUp.of(settings);
  const placing = new PlacingAfterCommit(places, wakeUp, unitOfWork);
  const actsElsewhere = new ActsOfNodes(line(), wakeUp);
  return {
    unitOfWork,
    readModel,
    placing,
    figures: new StoreFigures(
      {
        write: connections.writer,
        read: connections.reader,
        ...(connections.replica && { replica: connections.replica.pool }),
      },
      unitOfWork,
      wakeUp,
    ),
    actsElsewhere,
    sharedTime,
    close: async () => {
      await unitOfWork.idle();
      await actsElsewhere.close();
      await placing.close();
      wakeUp.close();
      await closeMariadb(connections);
    },
  };
}

async function timeFaults(readModel: MariadbReadModel, shared: DatabaseTime): Promise<string[]> {
  const ahead = await readModel.run((tx) => aheadOfShared(tx, shared, new SystemClock()));
  if (Math.abs(ahead) <= MOST_APART_MS) return [];
  return [`${apartInWords(ahead)}，相差不得超过 ${MOST_APART_MS / 1_000} 秒：请先在每台机器上对时（chrony 或 NTP）`];
}
