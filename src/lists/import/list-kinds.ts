import type { SqlValue } from '../../storage/unit-of-work.js';
import type { ListName } from '../list-book.js';
import { catalogueDbRow, dutyDbRow, standardDbRow, unitDbRow } from '../list-rows.js';
import { catalogueForm } from './catalogue-form.js';
import { dutiesForm } from './duties-form.js';
import type { ColumnNames } from './csv-rows.js';
import { columnNames, type KnownLists, type ListForm } from './list-form.js';
import { type ImportFault, ListFile } from './list-file.js';
import type { RawRow } from './raw-row.js';
import { standardsForm } from './standards-form.js';
import { unitsForm } from './units-form.js';

export type DbRow = Record<string, SqlValue>;

/** A file of one of the lists, whatever its rows are. */
export interface ReadFile {
  rowCount: number;
  faults(known: KnownLists): Promise<ImportFault[]>;
  contentHash(): Promise<string>;
  /** In the file's order, as the list's table holds them. */
  dbRows(from: number, to: number): DbRow[];
}

/** How a list is read and where its rows lie. */
export interface ListKind {
  table: string;
  columns: readonly ColumnNames[];
  read: (raw: AsyncIterable<RawRow>, maxRows: number, onTurn: () => Promise<void>) => Promise<ReadFile>;
}

export const LIST_KINDS: Readonly<Record<ListName, ListKind>> = {
  units: kind('list_unit', unitsForm, unitDbRow),
  catalogue: kind('list_catalogue_item', catalogueForm, catalogueDbRow),
  duties: kind('list_duty', dutiesForm, dutyDbRow),
  standards: kind('list_standard', standardsForm, standardDbRow),
};

function kind<R extends object>(table: string, form: ListForm<R>, dbRow: (row: R) => object): ListKind {
  return {
    table,
    columns: columnNames(form),
    read: async (raw, maxRows, onTurn) => {
      const file = await ListFile.read(form, raw, maxRows, onTurn);
      return {
        rowCount: file.rowCount,
        faults: (known) => file.faults(known),
        contentHash: () => file.contentHash(),
        dbRows: (from, to) => file.rows.slice(from, to).map((row) => dbRow(row) as DbRow),
      };
    },
  };
}
