import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import type { Cell } from './cell.js';
import type { KnownLists, ListForm } from './list-form.js';
import type { RawRow, RowFault } from './raw-row.js';
import { unreadableBecause } from './unreadable-because.js';

export type ImportFault = ImportReport['errors'][number];

/** So many rows are looked at in one turn of the event loop; then others get theirs. */
const TURN = 500;

/** A file that was read to its end: the rows that have the right form, and every fault of the others. */
export class ListFile<R extends object> {
  /** Valid only when `faults` found none. */
  readonly rows: R[] = [];
  /** Where each of `rows` begins. */
  private readonly lines: number[] = [];
  private readonly formFaults: ImportFault[] = [];
  private readonly mentioned = new Set<string>();
  private readonly firstLines = new Map<string, number>();
  private readonly cells: [keyof R & string, Cell<R[keyof R & string]>][];
  private seen = 0;

  private constructor(private readonly form: ListForm<R>) {
    this.cells = Object.entries(form.columns) as typeof this.cells;
  }

  /** `onTurn`: called between turns, for whoever must show that the import is alive. */
  static async read<R extends object>(
    form: ListForm<R>,
    raw: AsyncIterable<RawRow>,
    maxRows: number,
    onTurn: () => Promise<void>,
  ): Promise<ListFile<R>> {
    const file = new ListFile(form);
    for await (const row of raw) {
      if (row.cells) file.seen++;
      if (file.seen > maxRows) {
        file.formFaults.push({ line: row.line, column: '*', reason: `行数超过 ${maxRows}` });
        break;
      }
      file.take(row);
      if (file.seen % TURN === 0) {
        await onTurn();
        await setImmediate();
      }
    }
    return file;
  }

  /** Rows of the file, right or wrong. */
  get rowCount(): number {
    return this.seen;
  }

  /** Everything that is wrong, in the file's order. */
  async faults(known: KnownLists): Promise<ImportFault[]> {
    const found = [...this.formFaults];
    const check = this.form.checks(this.rows, known, this.mentioned);
    for (const [index, row] of this.rows.entries()) {
      for (const fault of check(row)) found.push({ line: this.lines[index]!, ...fault });
      if (index % TURN === TURN - 1) await setImmediate();
    }
    return found.sort((a, b) => a.line - b.line);
  }

  /** Digest of the rows. The sum of the rows' digests: the same rows in another order are the same list. */
  async contentHash(): Promise<string> {
    const columns = this.cells.map(([name]) => name);
    let sum = 0n;
    for (const [index, row] of this.rows.entries()) {
      const text = JSON.stringify(columns.map((name) => row[name]));
      sum += BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
      if (index % TURN === TURN - 1) await setImmediate();
    }
    return (sum % 2n ** 256n).toString(16).padStart(64, '0');
  }

  private take({ line, cells, faults }: RawRow): void {
    const found = [...faults];
    if (cells) {
      const row = this.readCells(cells, found);
      if (row) this.keep(line, this.form.complete ? this.form.complete(row) : row, found);
    }
    this.formFaults.push(...found.map((fault) => ({ line, ...fault })));
  }

  private readCells(cells: Readonly<Record<string, string>>, faults: RowFault[]): R | undefined {
    const row: Partial<R> = {};
    const before = faults.length;
    for (const [column, cell] of this.cells) {
      const text = (cells[column] ?? '').trim();
      const unreadable = unreadableBecause(text);
      const read = unreadable === undefined ? cell.read(text) : { reason: unreadable };
      if ('reason' in read) {
        faults.push({ column, reason: read.reason });
        continue;
      }
      row[column] = read.value;
      if (column === this.form.idColumn) this.mentioned.add(text);
    }
    return faults.length === before ? (row as R) : undefined;
  }

  private keep(line: number, row: R, faults: RowFault[]): void {
    for (const { column, of, reason } of this.form.keys) {
      const key = of(row);
      if (key === null) continue;
      const first = this.firstLines.get(`${column} ${key}`);
      if (first === undefined) this.firstLines.set(`${column} ${key}`, line);
      else faults.push({ column, reason: `${reason}（与第 ${first} 行）` });
    }
    this.rows.push(row);
    this.lines.push(line);
  }
}
