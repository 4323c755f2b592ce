import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor, ImportReport } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../../commands/hub-exception.js';
import { Policy } from '../../config/policy.js';
import { USER_COLUMNS, UserImporter } from '../../identity/user-import.js';
import { ImportLeases } from './import-leases.js';
import type { RawRow } from './raw-row.js';
import { type ImportSource, SourceReader } from './source-reader.js';
import { unreadableBecause } from './unreadable-because.js';

/** So many rows are looked at in one turn of the event loop. */
const TURN = 500;

/** User lists come in like the others; what they mean, and whether they may be, is identity's matter. */
@Injectable()
export class UserListImport {
  constructor(
    private readonly reader: SourceReader,
    private readonly leases: ImportLeases,
    private readonly users: UserImporter,
    private readonly policy: Policy,
  ) {}

  /** @throws {HubException} `list_import_running`, `payload_invalid`, `payload_malformed`, `payload_too_large` */
  async run(actor: Actor, source: ImportSource): Promise<ImportReport> {
    const lease = await this.leases.take('users');
    try {
      const { file: rows, effectiveFrom } = await this.reader.read(source, USER_COLUMNS, (raw) =>
        this.collect(raw, () => this.leases.keepAlive(lease)),
      );
      if (effectiveFrom !== undefined) {
        throw new HubException('payload_invalid', '用户清单即时生效，不能预定生效时间', { field: 'effectiveFrom' });
      }
      return await this.users.apply(actor, rows);
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
