import { readPolicy } from '../../src/config/policy.js';
import type { Settings } from '../../src/config/settings.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import type { PolicyValue } from '../../src/config/policy.js';
import type { UnitOfWork } from '../../src/storage/unit-of-work.js';
import type { Actor, ImportReport } from '../../client-sdk/src/protocol/index.js';
import type { Alarms } from '../../src/deadlines/alarms.js';
import { ClockLedger } from '../../src/deadlines/clock-ledger.js';
import { HubSettings } from '../../src/identity/hub-settings.js';
import { ImportLeases } from '../../src/lists/import/import-leases.js';
import { InterruptedImports } from '../../src/lists/import/interrupted-imports.js';
import { ListImport } from '../../src/lists/import/list-import.js';
import { SourceReader } from '../../src/lists/import/source-reader.js';
import { VersionWriter } from '../../src/lists/import/version-writer.js';
import { ListBook, type ListName } from '../../src/lists/list-book.js';
import { ListsAtStart } from '../../src/lists/lists-at-start.js';
import { ListVersions } from '../../src/lists/list-versions.js';
import { OwnTime } from '../../src/storage/shared-time.js';
import { FakeClock } from './fake-clock.js';
import { openTestStore, type TestStore } from './store.js';

export const LIST_ADMIN: Actor = { userId: 'listadmin', name: '清单管理员', roles: ['list_admin'], unitId: null };

export interface ListKit extends TestStore {
  clock: FakeClock;
  listBook: ListBook;
  listImport: ListImport;
  clocks: ClockLedger;
  interrupted: InterruptedImports;
  /** The lists of a node of a cluster that starts. */
  atStart: ListsAtStart;
  /** Imports text, handed over in pieces of `pieceBytes`. */
  csv(list: ListName, text: string, effectiveFrom?: string): Promise<ImportReport>;
  json(list: ListName, value: unknown, effectiveFrom?: string): Promise<ImportReport>;
  /** Rows of a table, active or not. */
  count(table: string): Promise<number>;
}

/** The lists on a real, empty database. `wrap`: to watch the transactions that importing makes. */
export async function openListKit({
  policy: changes = {},
  wrap = (unitOfWork: UnitOfWork) => unitOfWork,
}: {
  policy?: Partial<Record<PolicyKey, PolicyValue>>;
  wrap?: (unitOfWork: UnitOfWork) => UnitOfWork;
} = {}): Promise<ListKit> {
  const store = await openTestStore();
  const policy = readPolicy('config', changes);
  const clock = new FakeClock();
  const unitOfWork = wrap(store.unitOfWork);
  const versions = new ListVersions();
  const leases = new ImportLeases(unitOfWork, new OwnTime(clock), policy);
  const writer = new VersionWriter(unitOfWork, versions, leases, policy);
  const listBook = new ListBook(versions, policy);
  // Nothing rings here: specs ring themselves.
  const clocks = new ClockLedger({ arm: () => undefined } as unknown as Alarms);
  const listImport = new ListImport(
    unitOfWork,
    store.readModel,
    clock,
    policy,
    new SourceReader(policy),
    leases,
    writer,
    versions,
    listBook,
    store.eventLog,
    clocks,
  );
  return {
    ...store,
    clock,
    listBook,
    listImport,
    clocks,
    interrupted: new InterruptedImports(leases, writer, { profile: 'embedded' } as Settings),
    atStart: new ListsAtStart(
      new InterruptedImports(leases, writer, { profile: 'cluster' } as Settings),
      listImport,
      versions,
      new HubSettings(),
      { configDir: 'config' } as Settings,
      store.readModel,
    ),
    csv: (list, text, effectiveFrom) =>
      listImport.run(LIST_ADMIN, list, { format: 'csv', bytes: inPieces(text), effectiveFrom }),
    json: (list, value, effectiveFrom) =>
      listImport.run(LIST_ADMIN, list, { format: 'json', bytes: inPieces(JSON.stringify(value)), effectiveFrom }),
    count: async (table) => {
      const row = await store.readModel.run((tx) => tx.one<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`));
      return row!.n;
    },
  };
}

/** As a body comes in: cut anywhere, also inside a character. */
export async function* inPieces(content: string | Uint8Array, pieceBytes = 4_096): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}
