import { Injectable } from '@nestjs/common';
import { Policy } from '../../config/policy.js';
import { type ColumnNames, csvRows } from './csv-rows.js';
import { readEffectiveFrom } from './effective-from.js';
import { JsonRows } from './json-rows.js';
import type { RawRow } from './raw-row.js';
import { utf8Text } from './utf8-text.js';

export interface ImportSource {
  format: 'csv' | 'json';
  bytes: AsyncIterable<Uint8Array>;
  /** A day or an instant with offset; JSON may say it itself. Absent: at once. */
  effectiveFrom?: string | undefined;
}

/** Takes a list's file apart as it streams in, whatever its format. */
@Injectable()
export class SourceReader {
  constructor(private readonly policy: Policy) {}

  /**
   * Answers what `use` made of the rows, and when the list shall hold (ms UTC; `undefined`: at once).
   * @throws {HubException} `payload_invalid` (effective date), `payload_malformed`, `payload_too_large`
   */
  async read<F>(
    source: ImportSource,
    columns: readonly ColumnNames[],
    use: (raw: AsyncIterable<RawRow>) => Promise<F>,
  ): Promise<{ file: F; effectiveFrom: number | undefined }> {
    const stated = source.effectiveFrom === undefined ? undefined : readEffectiveFrom(source.effectiveFrom);
    const text = utf8Text(source.bytes, this.policy.number('lists.maxBytes'));
    if (source.format === 'csv') return { file: await use(csvRows(text, columns)), effectiveFrom: stated };
    const json = new JsonRows(columns.map(({ name }) => name));
    const file = await use(json.read(text));
    return { file, effectiveFrom: json.effectiveFrom === undefined ? stated : readEffectiveFrom(json.effectiveFrom) };
  }
}
