import { Injectable } from '@nestjs/common';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';
import type { ListName } from './list-name.js';

export interface ListVersion {
  version: number;
  /** Digest of the rows; the same rows in any order give the same. */
  hash: string;
  /** As its owner stated it, ms UTC. */
  effectiveFrom: number;
  /** Never before it was activated. */
  inForceFrom: number;
  rows: number;
  importedBy: string;
  activatedAt: number;
}

interface VersionRow {
  version: number;
  content_hash: string;
  effective_from: number;
  in_force_from: number;
  row_total: number;
  imported_by: string;
  activated_at: number;
}

const IN_FORCE = `SELECT * FROM list_version
   WHERE list_name = ? AND state = 'activated' AND in_force_from <= ?
   ORDER BY in_force_from DESC, version DESC LIMIT 1`;

const COLUMNS = 'version, content_hash, effective_from, in_force_from, row_total, imported_by, activated_at';

const keyOf = (list: ListName, at: number) => `${list} ${at}`;

/**
 * Which version of each list holds when: the one that came into force last, and of those that came together the newest.
 * Nothing switches it on: a version with a later date holds by itself once its time has come [LI5].
 */
@Injectable()
export class ListVersions {
  /** What each transaction has read: a command asks for the same list many times over. */
  private readonly read = new WeakMap<ReadTx, Map<string, ListVersion | undefined>>();

  async inForce(tx: ReadTx, list: ListName, at: number): Promise<ListVersion | undefined> {
    await this.readAll(tx, [list], at);
    return this.readBy(tx).get(keyOf(list, at));
  }

  /** In one statement, for whoever asks for them next; those that are known already are not read again. */
  async readAll(tx: ReadTx, lists: readonly ListName[], at: number): Promise<void> {
    const read = this.readBy(tx);
    const unread = lists.filter((list) => !read.has(keyOf(list, at)));
    if (unread.length === 0) return;
    const rows = await tx.all<VersionRow & { list_name: ListName }>(
      unread.map((_, n) => `SELECT * FROM (${IN_FORCE}) v${n}`).join(' UNION ALL '),
      unread.flatMap((list) => [list, at]),
    );
    for (const list of unread) read.set(keyOf(list, at), undefined);
    for (const row of rows) read.set(keyOf(row.list_name, at), versionOf(row));
  }

  private readBy(tx: ReadTx): Map<string, ListVersion | undefined> {
    const read = this.read.get(tx) ?? new Map<string, ListVersion | undefined>();
    this.read.set(tx, read);
    return read;
  }

  /** All that were ever activated, newest first. */
  async history(tx: ReadTx, list: ListName): Promise<ListVersion[]> {
    const rows = await tx.all<VersionRow>(
      `SELECT ${COLUMNS} FROM list_version WHERE list_name = ? AND state = 'activated' ORDER BY version DESC`,
      [list],
    );
    return rows.map(versionOf);
  }

  /** Opens a version that nobody can see yet; answers its number. */
  async open(
    tx: Tx,
    list: ListName,
    {
      hash,
      rows,
      effectiveFrom,
      by,
      now,
    }: { hash: string; rows: number; effectiveFrom: number; by: string; now: number },
  ): Promise<number> {
    const last = await tx.one<{ last: number | null }>(
      'SELECT MAX(version) AS last FROM list_version WHERE list_name = ?',
      [list],
    );
    const version = (last?.last ?? 0) + 1;
    await tx.insert('list_version', {
      list_name: list,
      version,
      state: 'importing',
      effective_from: effectiveFrom,
      in_force_from: null,
      content_hash: hash,
      row_total: rows,
      imported_by: by,
      started_at: now,
      activated_at: null,
    });
    return version;
  }

  async activate(tx: Tx, list: ListName, version: number, inForceFrom: number, now: number): Promise<void> {
    await tx.run(
      `UPDATE list_version SET state = 'activated', in_force_from = ?, activated_at = ?
       WHERE list_name = ? AND version = ?`,
      [inForceFrom, now, list, version],
    );
    this.read.delete(tx);
  }

  /** Versions whose import never came to its end, with the number of rows they may have. */
  async unfinished(tx: ReadTx, list: ListName): Promise<{ version: number; rows: number }[]> {
    const rows = await tx.all<{ version: number; row_total: number }>(
      "SELECT version, row_total FROM list_version WHERE list_name = ? AND state = 'importing' ORDER BY version",
      [list],
    );
    return rows.map((row) => ({ version: row.version, rows: row.row_total }));
  }

  async remove(tx: Tx, list: ListName, version: number): Promise<void> {
    await tx.run("DELETE FROM list_version WHERE list_name = ? AND version = ? AND state = 'importing'", [
      list,
      version,
    ]);
  }
}

const versionOf = (row: VersionRow): ListVersion => ({
  version: row.version,
  hash: row.content_hash,
  effectiveFrom: row.effective_from,
  inForceFrom: row.in_force_from,
  rows: row.row_total,
  importedBy: row.imported_by,
  activatedAt: row.activated_at,
});
