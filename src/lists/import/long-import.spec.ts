import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import { type Tx, UnitOfWork } from '../../storage/unit-of-work.js';
import { inPieces, LIST_ADMIN, type ListKit, openListKit } from '../../../test/support/list-kit.js';

const ROWS = 70_000;

/** Passes everything on, and keeps count of the transactions and the rows that each inserts. */
class WatchedUnitOfWork extends UnitOfWork {
  readonly rowsPerTransaction: number[] = [];
  dead = false;
  onTransaction: () => void = () => undefined;

  constructor(private readonly real: UnitOfWork) {
    super();
  }

  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.dead) throw new Error('the process is dead');
    this.onTransaction();
    return this.real.run(async (tx) => {
      let rows = 0;
      const insert = tx.insert.bind(tx);
      tx.insert = async (table, row) => {
        rows++;
        await insert(table, row);
      };
      const insertMany = tx.insertMany.bind(tx);
      tx.insertMany = async (table, many) => {
        const before = rows;
        await insertMany(table, many);
        rows = before + many.length; // one by one, or in few statements
      };
      const result = await work(tx);
      this.rowsPerTransaction.push(rows);
      return result;
    });
  }

  beforeCommit(): void {
    throw new Error('not asked for');
  }

  onCommit(): void {
    throw new Error('not asked for');
  }
}

describe('long lists', () => {
  let kit: ListKit;
  let watched: WatchedUnitOfWork;
  beforeEach(async () => {
    kit = await openListKit({ wrap: (real) => (watched = new WatchedUnitOfWork(real)) });
    await kit.csv('units', 'unitId,name,type,level,areaCode\nbureau,城市管理局,department,district,D\n');
    await kit.csv('catalogue', 'code,name\n01,市容秩序\n');
  });
  afterEach(() => kit.close());

  async function* matters(rows: number): AsyncGenerator<Uint8Array> {
    const lines = ['code,name\n'];
    for (let row = 0; row < rows; row++) {
      lines.push(`m${row},"事项 ${row}, 第 ${row} 项"\n`);
      if (lines.length === 1_000) yield* inPieces(lines.splice(0).join(''), 65_536);
    }
    yield* inPieces(lines.join(''), 65_536);
  }

  const importLong = (rows = ROWS): Promise<ImportReport> =>
    kit.listImport.run(LIST_ADMIN, 'catalogue', { format: 'csv', bytes: matters(rows) });

  it('[LI5] 70,000 rows go in pieces: no command waits for more than one of them', async () => {
    watched.rowsPerTransaction.length = 0;
    const waits: number[] = [];
    const commands: Promise<void>[] = [];
    // With each transaction of the import a command comes in; it may find one piece before it, not more.
    watched.onTransaction = () => {
      const before = watched.rowsPerTransaction.length;
      commands.push(
        kit.unitOfWork.run(async () => {
          waits.push(watched.rowsPerTransaction.length - before);
        }),
      );
    };
    expect(await importLong()).toMatchObject({ status: 'activated', rows: ROWS, version: 2, errors: [] });
    await Promise.all(commands);
    expect(Math.max(...watched.rowsPerTransaction)).toBe(500);
    expect(watched.rowsPerTransaction.filter((rows) => rows === 500)).toHaveLength(140);
    expect(commands.length).toBeGreaterThanOrEqual(140);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1);
  });

  it('[LI5] nobody sees a version whose rows are still coming', async () => {
    const seen = new Set<string>();
    const looks: Promise<void>[] = [];
    watched.onTransaction = () =>
      void looks.push(
        kit.readModel.run(async (tx) => {
          const { catalogue } = await kit.listBook.versions(tx, kit.clock.now());
          const items = (await kit.listBook.allCatalogueItems(tx, kit.clock.now())).length;
          seen.add(`version ${catalogue}: ${items} rows`);
        }),
      );
    await importLong(3_000);
    await Promise.all(looks);
    await kit.readModel.run(async (tx) => {
      expect((await kit.listBook.versions(tx, kit.clock.now())).catalogue).toBe(2);
    });
    expect([...seen].filter((look) => look !== 'version 2: 3000 rows')).toEqual(['version 1: 1 rows']);
  });

  it('[LI5] killed half-way: the old version holds, and the next start clears what was written', async () => {
    let transactions = 0;
    watched.onTransaction = () => {
      watched.dead = ++transactions > 60;
    };
    await expect(importLong()).rejects.toThrow('the process is dead');
    const left = await kit.count('list_catalogue_item');
    expect(left).toBeGreaterThan(20_000);
    expect(left % 500).toBe(1);
    expect(await kit.count('list_lease')).toBe(1);

    watched.dead = false;
    watched.onTransaction = () => undefined;
    await expect(importLong(1)).rejects.toMatchObject({ error: { code: 'list_import_running' } });
    watched.rowsPerTransaction.length = 0;
    await kit.interrupted.clear();
    expect(await kit.count('list_catalogue_item')).toBe(1);
    expect(await kit.count('list_lease')).toBe(0);
    expect(watched.rowsPerTransaction.length).toBeGreaterThan(left / 500);
    expect(await importLong(2)).toMatchObject({ status: 'activated', version: 2 });
  });

  it('[LI5] without a restart the next import clears what a dead one wrote, once its lease ended', async () => {
    let transactions = 0;
    watched.onTransaction = () => {
      watched.dead = ++transactions > 20;
    };
    await expect(importLong(10_000)).rejects.toThrow('the process is dead');
    expect(await kit.count('list_catalogue_item')).toBeGreaterThan(5_000);
    watched.dead = false;
    watched.onTransaction = () => undefined;
    kit.clock.advance(61_000);
    expect(await importLong(2)).toMatchObject({ status: 'activated', version: 2 });
    expect(await kit.count('list_catalogue_item')).toBe(3);
  });

  it('[LI5] rows that turned wrong while they were written, because another list changed meanwhile, are refused', async () => {
    const bureauOnly = 'unitId,name,type,level,areaCode\nbureau,城市管理局,department,district,D\n';
    await kit.csv('units', `${bureauOnly}old,旧局,department,district,\n`);
    await importLong(5_000);
    let transactions = 0;
    let change: Promise<ImportReport> | undefined;
    watched.onTransaction = () => {
      // The duties' rows are being written by now.
      if (++transactions === 6) change = kit.csv('units', bureauOnly);
    };
    const rows = Array.from({ length: 5_000 }, (_, row) => `r${row},m${row},*,old\n`).join('');
    const report = await kit.csv('duties', `ruleId,catalogCode,areaCode,unitId\n${rows}`);
    expect(await change).toMatchObject({ status: 'activated' });
    expect(report).toMatchObject({ status: 'refused', version: null });
    expect(report.errors).toHaveLength(5_000);
    expect(report.errors[0]).toEqual({ line: 2, column: 'unitId', reason: '单位清单中没有这个单位' });
    expect(await kit.count('list_duty')).toBe(0);
  });
});
