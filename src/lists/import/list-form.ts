import type { CatalogueRow } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../../domain/lists/unit-tree.js';
import type { Cell } from './cell.js';
import type { ColumnNames } from './csv-rows.js';
import type { RowFault } from './raw-row.js';

/** The other lists as they will hold when the imported one does. */
export interface KnownLists {
  units: UnitTree;
  catalogue: ReadonlyMap<string, CatalogueRow>;
  /** Levels that a tree may have. */
  maxDepth: number;
}

export interface UniqueKey<R> {
  /** Where the fault is shown. */
  column: string;
  /** `null`: the row has none. */
  of: (row: R) => string | null;
  reason: string;
}

/** What a list's file must look like: its columns, and what must hold between its rows and towards other lists. */
export interface ListForm<R extends object> {
  columns: { readonly [K in keyof R]-?: Cell<R[K]> };
  keys: readonly UniqueKey<R>[];
  /** The column by which rows name each other. */
  idColumn?: keyof R & string;
  /** Fills what may be left empty because it follows from the rest. */
  complete?: (row: R) => R;
  /**
   * `mentioned`: the ids of all rows, also of those that are wrong otherwise, so that one fault is not told twice.
   * Answers how to look at one row, because lists are long and others want to work meanwhile.
   */
  checks(rows: readonly R[], known: KnownLists, mentioned: ReadonlySet<string>): (row: R) => RowFault[];
}

export function columnNames<R extends object>(form: ListForm<R>): ColumnNames[] {
  return Object.entries<Cell<unknown>>(form.columns).map(([name, cell]) => ({
    name,
    title: cell.title,
    required: 'reason' in cell.read(''),
  }));
}
