import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLog } from '../../src/event-log/event-log.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Sequencer } from '../../src/event-log/sequencer.js';
import { closeSqlite, openSqlite } from '../../src/storage/sqlite-database.js';
import { SqliteReadModel } from '../../src/storage/sqlite-read-model.js';
import { SqliteUnitOfWork } from '../../src/storage/sqlite-unit-of-work.js';
import type { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';

export interface TestStore {
  unitOfWork: UnitOfWork;
  readModel: ReadModel;
  eventLog: EventLog;
  reader: LogReader;
  /** The database's folder, gone after `close`. */
  folder: string;
  close(): Promise<void>;
}

/** A real, empty, migrated database of its own, with the sequencer at work. */
export async function openTestStore(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-store-'));
  const connections = await openSqlite(join(folder, 'hub.sqlite'));
  const unitOfWork = new SqliteUnitOfWork(connections.writer);
  const sequencer = new Sequencer('test audit key');
  unitOfWork.beforeCommit((tx) => sequencer.place(tx));
  const readModel = new SqliteReadModel(connections.reader);
  return {
    unitOfWork,
    readModel,
    eventLog: new EventLog(),
    reader: new LogReader(readModel),
    folder,
    close: async () => {
      await unitOfWork.idle();
      await closeSqlite(connections);
      await rm(folder, { recursive: true });
    },
  };
}
