import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { migrations } from './index.js';

/** Migrations up to this one were made before any city ran several nodes. */
const BEFORE_CITIES = 21;

interface Column {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  pk: number;
}

interface Table {
  columns: Map<string, Column>;
  /** Columns of each of its unique keys. */
  unique: string[];
}

/** Each table as a database says itself that it is. */
async function tablesOf(source: DataSource): Promise<Map<string, Table>> {
  const names = await source.query<{ name: string }[]>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
  );
  const tables = new Map<string, Table>();
  for (const { name } of names) {
    const columns = await source.query<Column[]>(`SELECT * FROM pragma_table_info('${name}')`);
    const unique = await source.query<{ columns: string }[]>(
      `SELECT group_concat(c.name) AS columns FROM pragma_index_list('${name}') i, pragma_index_info(i.name) c
       WHERE i."unique" = 1 GROUP BY i.name`,
    );
    tables.set(name, {
      columns: new Map(columns.map((column) => [column.name, column])),
      unique: unique.map(({ columns }) => columns).sort(),
    });
  }
  return tables;
}

describe('an upgrade while nodes of the program before it are at work', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-additive-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds in each migration only what those nodes need not know: they go on to read and write as they did', async () => {
    const file = join(folder, 'hub.sqlite');
    let before: Map<string, Table> | undefined;
    for (let n = BEFORE_CITIES; n <= migrations.length; n++) {
      const source = new DataSource({ type: 'better-sqlite3', database: file, migrations: migrations.slice(0, n) });
      await source.initialize();
      await source.runMigrations();
      const after = await tablesOf(source);
      await source.destroy();
      const migration = migrations[n - 1]!.name;
      for (const [table, { columns, unique }] of before ?? []) {
        const now = after.get(table);
        // What was there is there, as it was: neither dropped, nor renamed, nor of another type.
        for (const [column, was] of columns) {
          expect({ migration, table, column, is: now?.columns.get(column) }).toEqual({
            migration,
            table,
            column,
            is: was,
          });
        }
        // What is new, nobody has to give.
        const added = [...now!.columns.values()].filter((column) => !columns.has(column.name));
        const demanded = added.filter(({ notnull, dflt_value }) => notnull && dflt_value === null);
        expect({ migration, table, demanded }).toEqual({ migration, table, demanded: [] });
        expect({ migration, table, unique: now!.unique }).toEqual({ migration, table, unique });
      }
      before = after;
    }
  });
});
