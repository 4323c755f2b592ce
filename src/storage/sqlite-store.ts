import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NoActsElsewhere } from '../commands/acts-elsewhere.js';
import type { Settings } from '../config/settings.js';
import { PlacingAtCommit } from '../event-log/placing.js';
import { Sequencer } from '../event-log/sequencer.js';
import { SqliteCheckpoints } from './sqlite-checkpoints.js';
import { closeSqlite, DATABASE_FILE, openSqlite } from './sqlite-database.js';
import { SqliteReadModel } from './sqlite-read-model.js';
import { SqliteUnitOfWork } from './sqlite-unit-of-work.js';
import type { Store } from './store.js';
import { StoreFigures } from './store-figures.js';

/** The embedded profile's: one SQLite file in the data folder. */
export async function openSqliteStore(settings: Settings): Promise<Store> {
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const file = join(settings.dataDir, DATABASE_FILE);
  const connections = await openSqlite(file);
  const unitOfWork = new SqliteUnitOfWork(connections.writer);
  const sequencer = new Sequencer(settings.secrets.auditKey);
  unitOfWork.beforeCommit((tx) => sequencer.place(tx));
  const checkpoints = new SqliteCheckpoints(file);
  unitOfWork.onCommit(() => checkpoints.committed());
  return {
    unitOfWork,
    readModel: new SqliteReadModel(connections.reader),
    placing: new PlacingAtCommit(unitOfWork, sequencer.lately),
    figures: new StoreFigures({ write: unitOfWork }),
    actsElsewhere: new NoActsElsewhere(),
    close: async () => {
      await unitOfWork.idle();
      await checkpoints.close();
      await closeSqlite(connections);
    },
  };
}
