import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { Injectable, Logger } from '@nestjs/common';
import type { BatchLine, HubError } from '@minqing-hub/client-sdk/protocol';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { Settings } from '../config/settings.js';
import { applyMapping, columnsOf, type Mapping, type Row } from '../domain/intake/mapping.js';
import { ok, refuse, type Result } from '../domain/result.js';
import type { Actor } from '../identity/actor.js';
import { byteLines } from './byte-lines.js';
import { type CsvFault, type CsvRecord, csvRecords } from './csv-records.js';
import { inOrder } from './in-order.js';
import { IntakeDoor } from './intake-door.js';

export const LINE_BYTES = 64 * 1024;
/**
 * Lines at work at once. In the embedded profile they share transactions. In a cluster each has a connection, and most of
 * the time they stand in line for the next number: more of them would only keep connections from everybody else.
 */
const IN_FLIGHT = { embedded: 32, cluster: 4 };

/** One input line: a request that has still to be judged, or why it cannot be read. */
export type InputLine = { line: number } & ({ request: unknown } | { error: HubError });

const tooLong: HubError = { code: 'payload_too_large', message: '这一行超过 64 KiB' };
const brokenText: HubError = { code: 'payload_malformed', message: '文字编码损坏，请以声明的编码重新提交' };

/** Many requests in one call. A bad line never stops the good ones; memory does not grow with their number. */
@Injectable()
export class Batch {
  private readonly log = new Logger('Batch');

  private readonly inFlight: number;

  constructor(
    private readonly door: IntakeDoor,
    { profile }: Settings,
  ) {
    this.inFlight = IN_FLIGHT[profile];
  }

  /** @throws what `write` throws */
  run(actor: Actor, lines: AsyncIterable<InputLine>, write: (answer: BatchLine) => Promise<void>): Promise<void> {
    return inOrder(lines, this.inFlight, (line) => this.answer(actor, line), write);
  }

  private async answer(actor: Actor, input: InputLine): Promise<BatchLine> {
    const { line } = input;
    if ('error' in input) return { line, error: input.error };
    try {
      const reception = await this.door.receive(actor, input.request);
      return reception.ok ? { line, ...reception.receipt } : { line, error: reception.error };
    } catch (fault) {
      this.log.error(`line ${line} of a batch failed`, fault);
      return { line, error: { code: 'internal', message: '系统内部出错，请稍后重试这一行' } };
    }
  }
}

/** NDJSON: one request a line; blank lines are passed over. */
export async function* ndjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<InputLine> {
  for await (const { line, bytes } of byteLines(chunks, LINE_BYTES)) {
    if (bytes === null) yield { line, error: tooLong };
    else if (!isUtf8(bytes)) yield { line, error: brokenText };
    else if (bytes.toString().trim()) yield { line, ...parsed(bytes.toString()) };
  }
}

function parsed(text: string): { request: unknown } | { error: HubError } {
  try {
    return { request: JSON.parse(text) as unknown };
  } catch {
    return { error: { code: 'payload_malformed', message: '这一行不是正确的 JSON' } };
  }
}

/** CSV with a head line, read through a mapping. Refused as a whole when a column that the mapping reads is not there. */
export async function csvLines(
  chunks: AsyncIterable<Buffer>,
  mapping: Mapping,
): Promise<Result<AsyncGenerator<InputLine>>> {
  const records = csvRecords(chunks, LINE_BYTES);
  const decoder = new TextDecoder(mapping.encoding, { fatal: true });
  const first = await records.next();
  const head = first.done ? { error: brokenText } : cellsOf(first.value, decoder);
  if ('error' in head) return refuse('payload_malformed', '文件的首行应为列名，且编码与对照表一致', { field: 'body' });

  const absent = columnsOf(mapping).find((column) => !head.cells.includes(column));
  if (absent !== undefined) return refuse('payload_invalid', '文件中没有对照表要用的这一列', { field: absent });
  return ok(mapped(records, head.cells, decoder, mapping));
}

async function* mapped(
  records: AsyncGenerator<CsvRecord | CsvFault>,
  head: string[],
  decoder: TextDecoder,
  mapping: Mapping,
): AsyncGenerator<InputLine> {
  for await (const record of records) yield { line: record.line, ...request(cellsOf(record, decoder), head, mapping) };
}

function request(
  found: { cells: string[] } | { error: HubError },
  head: string[],
  mapping: Mapping,
): { request: unknown } | { error: HubError } {
  if ('error' in found) return found;
  if (found.cells.length !== head.length) {
    return { error: { code: 'payload_malformed', message: `应有 ${head.length} 列，实有 ${found.cells.length} 列` } };
  }
  const row: Row = Object.fromEntries(head.map((column, at) => [column, found.cells[at]!]));
  const result = applyMapping(mapping, row);
  if (result.ok) return { request: result.request };
  return { error: { code: 'payload_invalid', message: result.reason, field: result.column } };
}

function cellsOf(record: CsvRecord | CsvFault, decoder: TextDecoder): { cells: string[] } | { error: HubError } {
  if ('fault' in record) {
    if (record.fault === 'too_long') return { error: tooLong };
    return { error: { code: 'payload_malformed', message: '引号没有成对' } };
  }
  const text = decoded(record.bytes, decoder);
  if (text === undefined) return { error: brokenText };
  try {
    const [cells] = parse(text, { record_delimiter: '\n', relax_column_count: true });
    return { cells: cells ?? [] };
  } catch (fault) {
    if (fault instanceof CsvError) return { error: { code: 'payload_malformed', message: '引号没有成对' } };
    throw fault;
  }
}

function decoded(bytes: Buffer, decoder: TextDecoder): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
