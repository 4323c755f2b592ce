import { Injectable } from '@nestjs/common';
import { inLists } from '../storage/in-lists.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

/**
 * Rows of `hub_node` and `seat_socket`: which nodes live, and whose consoles each of them holds. A row of a socket counts as
 * long as it stands; those of a node go with its lease.
 */
@Injectable()
export class SocketStore {
  /** A node begins, or goes on, to live. Answers whether it was known: if not, its sockets have been freed meanwhile. */
  async keepAlive(tx: Tx, nodeId: string, servingSince: number, leaseUntil: number): Promise<boolean> {
    const known = await tx.run('UPDATE hub_node SET serving_since = ?, lease_until = ? WHERE node_id = ?', [
      servingSince,
      leaseUntil,
      nodeId,
    ]);
    if (known === 1) return true;
    await tx.insert('hub_node', { node_id: nodeId, serving_since: servingSince, lease_until: leaseUntil });
    return false;
  }

  /** This node's lease is not to be renewed yet, and none has run out. One that is too long is of a time set back since. */
  async allAlive(tx: ReadTx, nodeId: string, now: number, leaseMs: number): Promise<boolean> {
    const rows = await tx.all<{ node_id: string; lease_until: number }>('SELECT node_id, lease_until FROM hub_node');
    const left = (rows.find((row) => row.node_id === nodeId)?.lease_until ?? now) - now;
    return left > leaseMs * (2 / 3) && left <= leaseMs && rows.every((row) => row.lease_until > now);
  }

  /** Frees the sockets of nodes whose lease has run out, and of those that are known no more. */
  async freeEnded(tx: Tx, now: number): Promise<void> {
    const ended = await tx.all<{ node_id: string }>('SELECT node_id FROM hub_node WHERE lease_until <= ?', [now]);
    for (const { node_id } of ended) {
      // It may have come back to life while this one looked.
      const gone = await tx.run('DELETE FROM hub_node WHERE node_id = ? AND lease_until <= ?', [node_id, now]);
      if (gone === 1) await tx.run('DELETE FROM seat_socket WHERE node_id = ?', [node_id]);
    }
    await this.freeOrphans(tx);
  }

  /**
   * Whoever tells of a socket only looks whether its node has a row; a cluster of databases, whose locks hold on one server,
   * may let another server free that node at the same time. Of one that died then nobody else would hear.
   */
  private async freeOrphans(tx: Tx): Promise<void> {
    const orphans = await tx.all<{ node_id: string }>(
      'SELECT DISTINCT node_id FROM seat_socket k WHERE NOT EXISTS (SELECT 1 FROM hub_node n WHERE n.node_id = k.node_id)',
    );
    for (const { node_id } of orphans) {
      // It may have come back meanwhile.
      await tx.run(
        'DELETE FROM seat_socket WHERE node_id = ? AND NOT EXISTS (SELECT 1 FROM hub_node n WHERE n.node_id = ?)',
        [node_id, node_id],
      );
    }
  }

  async end(tx: Tx, nodeId: string): Promise<void> {
    await tx.run('DELETE FROM hub_node WHERE node_id = ?', [nodeId]);
    await tx.run('DELETE FROM seat_socket WHERE node_id = ?', [nodeId]);
  }

  /** Where one process at a time has the database, all that ran before it are gone. */
  async endOthers(tx: Tx, nodeId: string): Promise<void> {
    await tx.run('DELETE FROM hub_node WHERE node_id <> ?', [nodeId]);
    await tx.run('DELETE FROM seat_socket WHERE node_id <> ?', [nodeId]);
  }

  /** Nobody frees the node's sockets until the transaction ends. */
  async isAlive(tx: Tx, nodeId: string): Promise<boolean> {
    const rows = await tx.all(`SELECT node_id FROM hub_node WHERE node_id = ?${tx.forUpdate}`, [nodeId]);
    return rows.length > 0;
  }

  /**
   * Since when the earliest of the other nodes has served whose lease runs beyond `leasedBeyond`; `undefined`: there is no
   * other.
   */
  async othersServeSince(tx: ReadTx, nodeId: string, leasedBeyond: number): Promise<number | undefined> {
    const row = await tx.one<{ since: number | null }>(
      'SELECT MIN(serving_since) AS since FROM hub_node WHERE node_id <> ? AND lease_until > ?',
      [nodeId, leasedBeyond],
    );
    return row?.since ?? undefined;
  }

  async set(tx: Tx, userId: string, nodeId: string, there: boolean, now: number): Promise<void> {
    if (there) await tx.insertIfAbsent('seat_socket', { user_id: userId, node_id: nodeId, since: now });
    else await tx.run('DELETE FROM seat_socket WHERE user_id = ? AND node_id = ?', [userId, nodeId]);
  }

  /** Those of some users who have a seat, or of whose sockets this node has told: most are neither. */
  async concerned(tx: ReadTx, userIds: readonly string[], nodeId: string): Promise<Set<string>> {
    const concerned = new Set<string>();
    for (const { marks, params } of inLists(userIds)) {
      const rows = await tx.all<{ user_id: string }>(
        `SELECT user_id FROM seat WHERE user_id IN (${marks})
         UNION SELECT user_id FROM seat_socket WHERE user_id IN (${marks}) AND node_id = ?`,
        [...params, ...params, nodeId],
      );
      for (const { user_id } of rows) concerned.add(user_id);
    }
    return concerned;
  }

  async has(tx: ReadTx, userId: string, nodeId: string): Promise<boolean> {
    const row = await tx.one('SELECT since FROM seat_socket WHERE user_id = ? AND node_id = ?', [userId, nodeId]);
    return row !== undefined;
  }

  /** Some node holds a console of the user's. In a transaction that writes, as of its latest commit. */
  async anyOf(tx: ReadTx & Partial<Pick<Tx, 'forUpdate'>>, userId: string): Promise<boolean> {
    const rows = await tx.all(`SELECT node_id FROM seat_socket WHERE user_id = ?${tx.forUpdate ?? ''}`, [userId]);
    return rows.length > 0;
  }

  /** Users with a present seat whose grace does not tell what the sockets tell. [QS8] */
  async unsettled(tx: ReadTx): Promise<string[]> {
    const rows = await tx.all<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM seat WHERE presence <> 'offline' AND (
         (grace_id IS NULL AND NOT EXISTS (SELECT 1 FROM seat_socket k WHERE k.user_id = seat.user_id)) OR
         (grace_id IS NOT NULL AND EXISTS (SELECT 1 FROM seat_socket k WHERE k.user_id = seat.user_id)))`,
    );
    return rows.map((row) => row.user_id);
  }
}
