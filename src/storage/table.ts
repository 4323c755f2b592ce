import { type QueryRunner, Table } from 'typeorm';

type Type = 'id' | 'int' | 'bigint' | 'text' | 'double' | `varchar(${number})`;

export interface Columns {
  [name: string]: Type | `${Type} null`;
}

/**
 * A table in the dialect that SQLite and MariaDB share: integers for times (ms UTC) and truth values,
 * text for JSON (hashed as bytes, so never the engine's JSON type). `id` counts up by itself.
 */
export async function createTable(
  runner: QueryRunner,
  name: string,
  columns: Columns,
  options: { key?: string[]; unique?: string[][]; indexes?: string[][] } = {},
): Promise<void> {
  const sqlite = runner.connection.options.type === 'better-sqlite3';
  await runner.createTable(
    new Table({
      name,
      columns: Object.entries(columns).map(([column, spec]) => {
        const [type, nullable] = spec.split(' ') as [Type, string | undefined];
        if (type === 'id') {
          return {
            name: column,
            type: sqlite ? 'integer' : 'bigint',
            isPrimary: true,
            isGenerated: true,
            generationStrategy: 'increment' as const,
          };
        }
        const length = /^varchar\((\d+)\)$/.exec(type)?.[1];
        return {
          name: column,
          type: length ? 'varchar' : type === 'text' && !sqlite ? 'longtext' : type,
          ...(length ? { length } : {}),
          isNullable: nullable === 'null',
          isPrimary: options.key?.includes(column) ?? false,
        };
      }),
      uniques: (options.unique ?? []).map((columnNames) => ({ columnNames })),
      // With the table: to add one later TypeORM reads all that the server knows of all tables.
      indices: (options.indexes ?? []).map((columnNames) => ({
        name: `${name}_by_${columnNames.join('_')}`,
        columnNames,
      })),
    }),
  );
}
