import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { IntakeRequest } from '@minqing-hub/client-sdk/protocol';
import { applyMapping, type Row } from '../../src/domain/intake/mapping.js';
import { Fault } from '../fault.js';
import { columnsNeeded, type ReplayMapping } from './replay-mapping.js';
import { filled } from './template.js';

/** One recorded request, and what else its row says. */
export interface RecordedRow {
  /** Place in time order, from 0. */
  index: number;
  /** In the file, from 1. */
  line: number;
  request: IntakeRequest;
  /** When it came in, ms UTC. */
  at: number;
  /** `null`: the row names none. */
  unitId: string | null;
  /** Nearest first. */
  areas: string[];
  cells: Row;
}

export interface Recording {
  rows: RecordedRow[];
  /** Rows that the mapping cannot read. */
  unreadable: { line: number; column: string; reason: string }[];
}

/** @throws {Fault} when the file cannot be read or lacks a column. */
export async function readRecording(file: string, mapping: ReplayMapping): Promise<Recording> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch {
    throw new Fault(`The file ${file} cannot be read.`);
  }
  return recordingOf(new TextDecoder(mapping.encoding).decode(bytes), mapping);
}

/** Rows in the order of their time; rows of one time as in the file. */
export function recordingOf(csv: string, mapping: ReplayMapping): Recording {
  const records = recordsIn(csv);
  const first = records[0];
  if (!first) throw new Fault('The file has no rows.');
  const lacking = columnsNeeded(mapping).filter((column) => !Object.hasOwn(first.record, column));
  if (lacking.length > 0) throw new Fault(`The file lacks ${lacking.join(', ')}; is it the one for this mapping?`);

  const recording: Recording = { rows: [], unreadable: [] };
  for (const { record, line } of records) {
    const mapped = applyMapping(mapping, record);
    const occurredAt = mapped.ok ? mapped.request.occurredAt : undefined;
    if (!mapped.ok) recording.unreadable.push({ line, column: mapped.column, reason: mapped.reason });
    else if (occurredAt === undefined) recording.unreadable.push({ line, column: 'occurredAt', reason: '没有时间' });
    else
      recording.rows.push({
        index: 0,
        line,
        request: mapped.request as IntakeRequest,
        at: Date.parse(occurredAt),
        unitId: filled(mapping.replay.recordedUnit, record, mapping.missing) ?? null,
        areas: mapping.replay.learning.areas.flatMap((area) => filled(area, record, mapping.missing) ?? []),
        cells: record,
      });
  }
  recording.rows.sort((a, b) => a.at - b.at || a.line - b.line);
  recording.rows.forEach((row, index) => (row.index = index));
  return recording;
}

function recordsIn(csv: string): { record: Record<string, string>; line: number }[] {
  try {
    const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(csv, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
    });
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    throw new Fault(`The file is not CSV: ${(error as Error).message}`);
  }
}
