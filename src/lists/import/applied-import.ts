import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../../commands/hub-exception.js';
import { Policy } from '../../config/policy.js';
import type { ColumnNames } from './csv-rows.js';
import { ImportLeases } from './import-leases.js';
import type { RawRow } from './raw-row.js';
import { type ImportSource, SourceReader } from './source-reader.js';
import { unreadableBecause } from './unreadable-because.js';

/** So many rows are looked at in one turn of the event loop. */
const TURN = 500;

/**
 * Lists that have no versions, because another feature keeps what they say (users, rosters): their files come in like the
 * others; what the rows mean, and whether they may be, is that feature's matter.
 */
@Injectable()
export class AppliedImport {
  constructor(
    private readonly reader: SourceReader,
    private readonly leases: ImportLeases,
    private readonly policy: Policy,
  ) {}

  /** @throws {HubException} `list_import_running`, `payload_invalid`, `payload_malformed`, `payload_too_large` */
  async run(
    list: 'users' | 'roster',
    source: ImportSource,
    columns: readonly ColumnNames[],
    apply: (rows: RawRow[]) => Promise<ImportReport>,
  ): Promise<ImportReport> {
    const lease = await this.leases.take(list);
    try {
      const { file: rows, effectiveFrom } = await this.reader.read(source, columns, (raw) =>
        this.collect(raw, () => this.leases.keepAlive(lease)),
      );
      if (effectiveFrom !== undefined) {
        throw new HubException('payload_invalid', '这张清单即时生效，不能预定生效时间', { field: 'effectiveFrom' });
      }
      return await apply(rows);
    } finally {
      await this.leases.release(lease);
    }
  }

  private async collect(raw: AsyncIterable<RawRow>, onTurn: () => Promise<void>): Promise<RawRow[]> {
    const maxRows = this.policy.number('lists.maxRows');
    const rows: RawRow[] = [];
    for await (const row of raw) {
      if (rows.length === maxRows) {
        rows.push({ line: row.line, cells: null, faults: [{ column: '*', reason: `行数超过 ${maxRows}` }] });
        break;
      }
      rows.push(withUnreadableCells(row));
      if (rows.length % TURN === 0) {
        await onTurn();
        await setImmediate();
      }
    }
    return rows;
  }
}

function withUnreadableCells(row: RawRow): RawRow {
  const found = Object.entries(row.cells ?? {}).flatMap(([column, text]) => {
    const reason = unreadableBecause(text);
    return reason === undefined ? [] : [{ column, reason }];
  });
  return found.length ? { ...row, faults: [...row.faults, ...found] } : row;
}
