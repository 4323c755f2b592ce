import { Logger } from '@nestjs/common';
import { ActsOfNodes } from '../commands/acts-of-nodes.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import type { Settings } from '../config/settings.js';
import { PlacesAfterCommit } from '../event-log/places-after-commit.js';
import { PlacingAfterCommit } from '../event-log/placing-after-commit.js';
import { RedisWakeUp } from '../event-log/redis-wake-up.js';
import { closeMariadb, openMariadb } from './mariadb-database.js';
import { MariadbLine } from './mariadb-line.js';
import { MariadbReadModel } from './mariadb-read-model.js';
import { MariadbUnitOfWork } from './mariadb-unit-of-work.js';
import type { Store } from './store.js';
import { StoreFigures } from './store-figures.js';

/**
 * The cluster profile's: a MariaDB, or a cluster of them, that all nodes share. Besides its pools a node has three
 * connections: two lines of those that place events, one that tells of acts (docs/cluster.md, How large).
 * @throws {ConfigurationFault} also when its settings would lose acknowledged commits to a power cut, in production [I1]
 */
export async function openMariadbStore(settings: Settings): Promise<Store> {
  const connections = await openMariadb({
    url: settings.databaseUrl!,
    replicaUrl: settings.databaseReplicaUrl,
    pool: settings.databasePool,
  });
  if (settings.production && connections.weaknesses.length > 0) {
    await closeMariadb(connections);
    throw new ConfigurationFault(connections.weaknesses);
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
    readModel: new MariadbReadModel(connections.reader, connections.replica),
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
    close: async () => {
      await unitOfWork.idle();
      await actsElsewhere.close();
      await placing.close();
      wakeUp.close();
      await closeMariadb(connections);
    },
  };
}
