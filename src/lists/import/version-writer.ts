import { Injectable } from '@nestjs/common';
import { Policy } from '../../config/policy.js';
import { type Tx, UnitOfWork } from '../../storage/unit-of-work.js';
import type { ListName } from '../list-book.js';
import { ListVersions } from '../list-versions.js';
import { type ImportLease, ImportLeases } from './import-leases.js';
import { LIST_KINDS, type ReadFile } from './list-kinds.js';

export interface VersionFacts {
  hash: string;
  effectiveFrom: number;
  by: string;
  now: number;
}

/**
 * Writes and clears the rows of versions that nobody can see yet, a few hundred a transaction,
 * so that commands never wait for more than one such piece [LI5].
 */
@Injectable()
export class VersionWriter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly listVersions: ListVersions,
    private readonly leases: ImportLeases,
    private readonly policy: Policy,
  ) {}

  /** Answers the version's number; its rows are all there, and still out of sight. */
  async write(lease: ImportLease, list: ListName, file: ReadFile, facts: VersionFacts): Promise<number> {
    const version = await this.withLease(lease, (tx) =>
      this.listVersions.open(tx, list, { ...facts, rows: file.rowCount }),
    );
    const { table } = LIST_KINDS[list];
    for (const [from, to] of this.pieces(file.rowCount)) {
      const rows = file.dbRows(from, to);
      await this.withLease(lease, (tx) =>
        tx.insertMany(
          table,
          rows.map((row, index) => ({ version, row_no: from + index, ...row })),
        ),
      );
    }
    return version;
  }

  /** Removes versions of the list whose import was given up or killed. */
  async discardUnfinished(lease: ImportLease): Promise<void> {
    const list = lease.list as ListName;
    const { table } = LIST_KINDS[list];
    for (const { version, rows } of await this.unitOfWork.run((tx) => this.listVersions.unfinished(tx, list))) {
      for (const [from, to] of this.pieces(rows)) {
        await this.withLease(lease, (tx) =>
          tx.run(`DELETE FROM ${table} WHERE version = ? AND row_no >= ? AND row_no < ?`, [version, from, to]),
        );
      }
      await this.withLease(lease, (tx) => this.listVersions.remove(tx, list, version));
    }
  }

  private withLease<T>(lease: ImportLease, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(async (tx) => {
      await this.leases.keep(tx, lease);
      return work(tx);
    });
  }

  private *pieces(total: number): Generator<[number, number]> {
    const size = this.policy.number('lists.chunkRows');
    for (let from = 0; from < total; from += size) yield [from, Math.min(from + size, total)];
  }
}
