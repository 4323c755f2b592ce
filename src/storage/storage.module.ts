import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Settings } from '../config/settings.js';
import { Sequencer } from '../event-log/sequencer.js';
import { closeSqlite, DATABASE_FILE, openSqlite, type SqliteConnections } from './sqlite-database.js';
import { SqliteReadModel } from './sqlite-read-model.js';
import { SqliteUnitOfWork } from './sqlite-unit-of-work.js';
import { ReadModel, UnitOfWork } from './unit-of-work.js';

const CONNECTIONS = Symbol('connections');

/** The embedded profile's store: one SQLite file in the data folder. */
@Global()
@Module({
  providers: [
    {
      provide: CONNECTIONS,
      inject: [Settings],
      useFactory: (settings: Settings) => {
        mkdirSync(settings.dataDir, { recursive: true });
        return openSqlite(join(settings.dataDir, DATABASE_FILE));
      },
    },
    {
      provide: UnitOfWork,
      inject: [CONNECTIONS, Settings],
      useFactory: ({ writer }: SqliteConnections, settings: Settings) => {
        const unitOfWork = new SqliteUnitOfWork(writer);
        const sequencer = new Sequencer(settings.secrets.auditKey);
        unitOfWork.beforeCommit((tx) => sequencer.place(tx));
        return unitOfWork;
      },
    },
    {
      provide: ReadModel,
      inject: [CONNECTIONS],
      useFactory: ({ reader }: SqliteConnections) => new SqliteReadModel(reader),
    },
  ],
  exports: [UnitOfWork, ReadModel],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    @Inject(CONNECTIONS) private readonly connections: SqliteConnections,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Last of all modules to go: everything else may still write while it ends. */
  async onApplicationShutdown(): Promise<void> {
    await (this.unitOfWork as SqliteUnitOfWork).idle();
    await closeSqlite(this.connections);
  }
}
