import { CsvError, parse } from 'csv-parse';
import type { RawRow, RowFault } from './raw-row.js';

/** Names under which a column may stand in a header: its own and its Chinese title. */
export interface ColumnNames {
  name: string;
  title: string;
  required: boolean;
}

/** Longest row in characters: an unclosed quote must not swallow the file into memory. */
const MAX_ROW = 65_536;

interface ParsedRecord {
  record: string[];
  /** Lines of the file up to the record's end. */
  lines: number;
}

/**
 * The rows of a CSV file, whose first row names the columns. Quotes, commas and line breaks inside quoted cells as
 * usual. A file whose quotes do not close, or whose header is wrong, ends with a row of nothing but faults.
 */
export async function* csvRows(text: AsyncIterable<string>, columns: readonly ColumnNames[]): AsyncGenerator<RawRow> {
  let header: (string | null)[] | undefined;
  let end = 0;
  try {
    for await (const { record, lines } of records(text)) {
      const line = end + 1;
      end = lines;
      if (record.length === 1 && record[0] === '') continue;
      if (header) {
        yield dataRow(record, header, line);
        continue;
      }
      const read = readHeader(record, columns);
      if (read.faults.length) {
        yield { line, cells: null, faults: read.faults };
        return;
      }
      header = read.header;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const reason =
      error.code === 'CSV_MAX_RECORD_SIZE' ? '一行过长，或引号没有成对' : '引号没有成对，或引号前后有多余的字';
    yield { line: end + 1, cells: null, faults: [{ column: '*', reason }] };
    return;
  }
  if (!header) yield { line: 1, cells: null, faults: [{ column: '*', reason: '文件是空的，第一行应为列名' }] };
}

/** Everything up to a fault, then the fault: a stream that fails would drop what it had understood before. */
async function* records(text: AsyncIterable<string>): AsyncGenerator<ParsedRecord> {
  const understood: ParsedRecord[] = [];
  const parser = parse({
    relax_column_count: true,
    record_delimiter: '\n',
    max_record_size: MAX_ROW,
    on_record: (record: string[], { lines }) => {
      understood.push({ record, lines });
      return null;
    },
  });
  let fault: Error | undefined;
  const failed = (error?: Error | null) => (fault ??= error ?? undefined);
  parser.on('error', failed);
  parser.resume();
  for await (const piece of text) {
    await new Promise<void>((done) =>
      parser.write(piece, (error) => {
        failed(error);
        done();
      }),
    );
    yield* understood.splice(0);
    if (fault) throw fault;
  }
  await new Promise<void>((done) => parser.end(() => done()));
  yield* understood.splice(0);
  if (fault) throw fault;
}

function readHeader(
  cells: readonly string[],
  columns: readonly ColumnNames[],
): { header: (string | null)[]; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const header = cells.map((cell, index) => {
    const text = cell.trim();
    const found = columns.find(({ name, title }) => text === name || text === title)?.name ?? null;
    if (found === null && text !== '') faults.push({ column: position(index), reason: '没有这样的列名' });
    return found;
  });
  for (const { name, required } of columns) {
    const times = header.filter((column) => column === name).length;
    if (times > 1) faults.push({ column: name, reason: '列名重复' });
    if (times === 0 && required) faults.push({ column: name, reason: '缺少这一列' });
  }
  return { header, faults };
}

function dataRow(record: readonly string[], header: readonly (string | null)[], line: number): RawRow {
  const cells: Record<string, string> = {};
  const faults: RowFault[] = [];
  header.forEach((column, index) => {
    if (column !== null) cells[column] = record[index] ?? '';
    else if (record[index]?.trim()) faults.push({ column: position(index), reason: '这一列没有列名' });
  });
  if (record.length > header.length) faults.push({ column: position(header.length), reason: '单元格多于列名' });
  return { line, cells, faults };
}

const position = (index: number): string => `第${index + 1}列`;
