import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EventType } from '@minqing-hub/client-sdk/protocol';
import { EventLog, type Origin } from '../event-log/event-log.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';
import type { Role } from './actor.js';
import type { DemoAccount } from './demo-accounts.js';

/** A user's account without its password. */
export interface Account {
  userId: string;
  name: string;
  roles: Role[];
  unitId: string | null;
  seatId: string | null;
  active: boolean;
  demo: boolean;
  rightsVersion: number;
}

export type Rights = Pick<Account, 'roles' | 'unitId' | 'seatId' | 'active'>;

interface AccountRow {
  user_id: string;
  name: string;
  roles: string;
  unit_id: string | null;
  seat_id: string | null;
  active: number;
  demo: number;
  rights_version: number;
}

const COLUMNS = 'user_id, name, roles, unit_id, seat_id, active, demo, rights_version';
const CHUNK = 200;
/** Rows of `hub_setting` that are written only to be held; which of sixteen goes by who somebody is. */
const LOCKS = 'accounts.lock.';

/** Rows of `user_account`, and the event that tells of changed rights. */
@Injectable()
export class AccountStore {
  constructor(private readonly eventLog: EventLog) {}

  /**
   * Until commit nobody else gives or takes rights, or sits down: who sits where, and who is the last administrator, is told
   * by many rows together. Written, not only locked: of several database servers each keeps its locks to itself.
   */
  async lock(tx: Tx): Promise<void> {
    await tx.run(`UPDATE hub_setting SET value = ? WHERE name LIKE '${LOCKS}%'`, [randomUUID()]);
  }

  /**
   * Until commit nobody else gives or takes rights, and this user does nothing else that takes this lock. Others may: when
   * a shift begins, hundreds sit down in the same moment.
   */
  async lockFor(tx: Tx, userId: string): Promise<void> {
    const name = LOCKS + createHash('sha256').update(userId).digest('hex')[0]!;
    await tx.run('UPDATE hub_setting SET value = ? WHERE name = ?', [randomUUID(), name]);
  }

  /** As `find`; until commit nobody else changes it. */
  async findToChange(tx: Tx, userId: string): Promise<Account | undefined> {
    const row = await tx.one<AccountRow>(`SELECT ${COLUMNS} FROM user_account WHERE user_id = ?${tx.forUpdate}`, [
      userId,
    ]);
    return row && accountOf(row);
  }

  async find(tx: ReadTx, userId: string): Promise<Account | undefined> {
    return (await this.findAll(tx, [userId])).get(userId);
  }

  async findAll(tx: ReadTx, userIds: readonly string[]): Promise<Map<string, Account>> {
    const rows = await selectIn<AccountRow>(tx, `SELECT ${COLUMNS} FROM user_account WHERE user_id`, userIds);
    return new Map(rows.map((row) => [row.user_id, accountOf(row)]));
  }

  /** Who sits where: one active user for each seat. */
  async seated(tx: ReadTx, seatIds: readonly string[]): Promise<Map<string, string>> {
    const select = 'SELECT seat_id, user_id FROM user_account WHERE active = 1 AND seat_id';
    const rows = await selectIn<{ seat_id: string; user_id: string }>(tx, select, seatIds);
    return new Map(rows.map((row) => [row.seat_id, row.user_id]));
  }

  async passwordHashes(tx: ReadTx, userIds: readonly string[]): Promise<Map<string, string>> {
    const select = 'SELECT user_id, password_hash FROM user_account WHERE user_id';
    const rows = await selectIn<{ user_id: string; password_hash: string }>(tx, select, userIds);
    return new Map(rows.map((row) => [row.user_id, row.password_hash]));
  }

  async activePolicyAdmins(tx: ReadTx): Promise<string[]> {
    const rows = await tx.all<{ user_id: string }>(
      `SELECT user_id FROM user_account WHERE active = 1 AND roles LIKE '%"policy_admin"%'`,
    );
    return rows.map((row) => row.user_id);
  }

  /** As `add`, and the log says which rights they came with [ID3]. */
  async admit(tx: Tx, origin: Origin, account: Omit<Account, 'rightsVersion'>, passwordHash: string): Promise<boolean> {
    const added = await this.add(tx, account, passwordHash);
    if (added) await this.tellRights(tx, origin, account.userId, account, 1);
    return added;
  }

  /** Answers false, and writes nothing, when the name is taken. The log does not hear of it. */
  async add(tx: Tx, account: Omit<Account, 'rightsVersion'>, passwordHash: string): Promise<boolean> {
    return tx.insertIfAbsent('user_account', rowOf(account, passwordHash));
  }

  /**
   * Those whose names are not taken; answers how many. For a demo database, which nobody administers: a thousand invented
   * accounts with one password are no giving of rights that anybody would ask for.
   */
  async addDemo(tx: Tx, accounts: readonly DemoAccount[], passwordHash: string): Promise<number> {
    await this.lock(tx);
    const ids = accounts.map(({ userId }) => userId);
    const taken = await this.findAll(tx, ids);
    const fresh = accounts.filter(({ userId }, i) => !taken.has(userId) && ids.indexOf(userId) === i);
    await tx.insertMany(
      'user_account',
      fresh.map((account) => rowOf({ ...account, active: true, demo: true }, passwordHash)),
    );
    return fresh.length;
  }

  /**
   * Takes effect for consoles where its event stands in the log. Answers false when the rights are the same as before. [ID3]
   * @throws {Error} when they are no longer what `account` says: it was read before the lock
   */
  async changeRights(tx: Tx, origin: Origin, account: Account, rights: Rights): Promise<boolean> {
    if (sameRights(account, rights)) return false;
    const version = account.rightsVersion + 1;
    const { userId, rightsVersion } = account;
    const changed = await tx.run(
      `UPDATE user_account SET roles = ?, unit_id = ?, seat_id = ?, active = ?, rights_version = ?
       WHERE user_id = ? AND rights_version = ?`,
      [
        JSON.stringify(rights.roles),
        rights.unitId,
        rights.seatId,
        Number(rights.active),
        version,
        userId,
        rightsVersion,
      ],
    );
    if (changed !== 1) throw new Error(`${userId} has other rights than those that were read`);
    await this.tellRights(tx, origin, userId, rights, version);
    return true;
  }

  async rename(tx: Tx, userId: string, name: string): Promise<void> {
    await tx.run('UPDATE user_account SET name = ? WHERE user_id = ?', [name, userId]);
  }

  /** Tokens given under the old password are worth nothing from now on, and consoles opened with one end. [ID4] */
  async replacePassword(tx: Tx, origin: Origin, userId: string, passwordHash: string): Promise<void> {
    await tx.run(
      'UPDATE user_account SET password_hash = ?, password_version = password_version + 1, demo = 0 WHERE user_id = ?',
      [passwordHash, userId],
    );
    await this.tell(tx, origin, 'identity.password_changed', null, { userId });
  }

  private async tellRights(
    tx: Tx,
    origin: Origin,
    userId: string,
    { roles, unitId, seatId, active }: Rights,
    version: number,
  ): Promise<void> {
    await this.tell(tx, origin, 'identity.rights_changed', version, { userId, roles, unitId, seatId, active });
  }

  private async tell(
    tx: Tx,
    origin: Origin,
    type: EventType,
    version: number | null,
    data: { userId: string; [field: string]: unknown },
  ): Promise<void> {
    const subject = `user:${data.userId}` as const;
    await this.eventLog.append(tx, origin, [
      { subject, type, at: origin.recordedAt, version, data, card: null, rooms: {} },
    ]);
  }
}

function sameRights(account: Rights, rights: Rights): boolean {
  return (
    account.active === rights.active &&
    account.unitId === rights.unitId &&
    account.seatId === rights.seatId &&
    JSON.stringify([...account.roles].sort()) === JSON.stringify([...rights.roles].sort())
  );
}

const accountOf = (row: AccountRow): Account => ({
  userId: row.user_id,
  name: row.name,
  roles: JSON.parse(row.roles) as Role[],
  unitId: row.unit_id,
  seatId: row.seat_id,
  active: row.active === 1,
  demo: row.demo === 1,
  rightsVersion: row.rights_version,
});

const rowOf = (account: Omit<Account, 'rightsVersion'>, passwordHash: string) => ({
  user_id: account.userId,
  name: account.name,
  password_hash: passwordHash,
  password_version: 1,
  roles: JSON.stringify(account.roles),
  unit_id: account.unitId,
  seat_id: account.seatId,
  active: Number(account.active),
  demo: Number(account.demo),
  rights_version: 1,
});

/** `select … IN (values)`, in portions that every engine takes. */
async function selectIn<R extends object>(tx: ReadTx, select: string, values: readonly string[]): Promise<R[]> {
  const found: R[] = [];
  for (let start = 0; start < values.length; start += CHUNK) {
    const portion = values.slice(start, start + CHUNK);
    found.push(...(await tx.all<R>(`${select} IN (${portion.map(() => '?').join(', ')})`, portion)));
  }
  return found;
}
