import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLog } from '../../src/event-log/event-log.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import type { LoggedEvent } from '../../src/event-log/logged-event.js';
import { PlacesAfterCommit } from '../../src/event-log/places-after-commit.js';
import { PlacingAfterCommit } from '../../src/event-log/placing-after-commit.js';
import { type Placing, PlacingAtCommit } from '../../src/event-log/placing.js';
import { Sequencer } from '../../src/event-log/sequencer.js';
import { InProcessWakeUp, type WakeUp } from '../../src/event-log/wake-up.js';
import { closeMariadb, openMariadb } from '../../src/storage/mariadb-database.js';
import { MariadbLine } from '../../src/storage/mariadb-line.js';
import { MariadbReadModel } from '../../src/storage/mariadb-read-model.js';
import { MariadbUnitOfWork } from '../../src/storage/mariadb-unit-of-work.js';
import { closeSqlite, DATABASE_FILE, openSqlite } from '../../src/storage/sqlite-database.js';
import { SqliteReadModel } from '../../src/storage/sqlite-read-model.js';
import { SqliteUnitOfWork } from '../../src/storage/sqlite-unit-of-work.js';
import type { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { lentDatabases, type Profile, PROFILE } from './profile.js';
import { beginWithTables } from './tables.js';

export interface TestStore {
  unitOfWork: UnitOfWork;
  readModel: ReadModel;
  eventLog: EventLog;
  placing: Placing;
  reader: LogReader;
  /** Where its database lies: a URL, or a file. */
  place: string;
  /** A folder for whatever the test keeps beside the database, gone after `close`. */
  folder: string;
  close(): Promise<void>;
}

export const AUDIT_KEY = 'test audit key';
const POOL = 8;

/** A real, empty, migrated database of its own, with the sequencer at work; on the engine of the profile that is tested. */
export async function openTestStore(profile: Profile = PROFILE): Promise<TestStore> {
  if (profile === 'embedded') return openSqliteStore();
  const { url, giveBack } = await (await lentDatabases()).lend();
  const store = await openMariadbStore(url);
  return {
    ...store,
    close: async () => {
      await store.close();
      giveBack();
    },
  };
}

async function openSqliteStore(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-store-'));
  const place = join(folder, DATABASE_FILE);
  await beginWithTables(folder);
  const connections = await openSqlite(place);
  const unitOfWork = new SqliteUnitOfWork(connections.writer);
  const sequencer = new Sequencer(AUDIT_KEY);
  unitOfWork.beforeCommit((tx) => sequencer.place(tx));
  const readModel = new SqliteReadModel(connections.reader);
  const placing = new PlacingAtCommit(unitOfWork, sequencer.lately);
  return {
    unitOfWork,
    readModel,
    eventLog: new EventLog(),
    placing,
    reader: new LogReader(readModel, placing),
    place,
    folder,
    close: async () => {
      await unitOfWork.idle();
      await closeSqlite(connections);
      await rm(folder, { recursive: true });
    },
  };
}

export interface MariadbStore extends TestStore {
  placing: PlacingAfterCommit;
}

/** The same on MariaDB, at a URL of an empty database, or of one that other nodes use who hear the same words. */
export async function openMariadbStore(url: string, wakeUp: WakeUp = new InProcessWakeUp()): Promise<MariadbStore> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-store-'));
  const connections = await openMariadb({ url, pool: POOL });
  const unitOfWork = new MariadbUnitOfWork(connections.writer);
  const readModel = new MariadbReadModel(connections.reader);
  const line = () => new MariadbLine(connections.servers);
  const placing = new PlacingAfterCommit(new PlacesAfterCommit(line(), line(), AUDIT_KEY), wakeUp, unitOfWork);
  return {
    unitOfWork,
    readModel,
    eventLog: new EventLog(),
    placing,
    reader: new LogReader(readModel, placing),
    place: url,
    folder,
    close: async () => {
      await unitOfWork.idle();
      await placing.close();
      await closeMariadb(connections);
      await rm(folder, { recursive: true });
    },
  };
}

/** The log, with all that was committed up to now. */
export async function allPlaced({ placing, reader }: Pick<TestStore, 'placing' | 'reader'>): Promise<LoggedEvent[]> {
  await placing.settled();
  return reader.after(0, 10_000);
}

/** The suite once on each database. */
export function onEachDatabase(suite: (open: () => Promise<TestStore>) => void): void {
  describe('on SQLite', () => suite(() => openTestStore('embedded')));
  describe('on MariaDB', () => suite(() => openTestStore('cluster')));
}
