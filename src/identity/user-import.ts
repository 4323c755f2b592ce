import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import { SkillPlan } from '../config/skill-plan.js';
import type { Origin } from '../event-log/event-log.js';
import { ListBook } from '../lists/list-book.js';
import { ReadModel, type ReadTx, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { type Account, AccountStore, type Rights } from './account-store.js';
import { type Actor, hasRole } from './actor.js';
import { Passwords } from './passwords.js';
import { UserSkills } from './user-skills.js';
import { type RawUserRow, readUserRows, type RowFault, type UserRow } from './user-row.js';

export { type RawUserRow, USER_COLUMNS } from './user-row.js';

/** Each costs a run of scrypt; more would take minutes. */
const MOST_PASSWORDS = 200;

interface Change {
  row: UserRow;
  account: Account | undefined;
  rights: Rights;
}

/** User lists: whoever is in one is added or brought up to date; nobody is removed. [ID5] */
@Injectable()
export class UserImporter {
  constructor(
    private readonly accounts: AccountStore,
    private readonly passwords: Passwords,
    private readonly skills: UserSkills,
    private readonly skillPlan: SkillPlan,
    private readonly lists: ListBook,
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly policy: Policy,
  ) {}

  /**
   * Opens its own transaction, one for all rows: rights have no versions that could wait unseen, so that a list is in
   * force as one only if it is short [ID8]. What a new user may do, a changed role, unit, seat or activity of a known one, a new password and
   * changed skills are events.
   * @throws {HubException} `forbidden`: giving rights is for a policy_admin, however it is done
   */
  async apply(actor: Actor, raw: readonly RawUserRow[]): Promise<ImportReport> {
    if (!hasRole(actor, ['policy_admin'])) throw new HubException('forbidden', '您没有导入用户的权限');
    const mostRows = this.policy.number('users.maxRows');
    const { [mostRows]: beyond } = raw;
    if (beyond) {
      return refused(raw, [{ line: beyond.line, column: '', reason: `一次最多导入 ${mostRows} 行，请分成几个文件` }]);
    }
    const { rows, faults } = readUserRows(
      raw,
      (password, userId) => this.passwords.weaknessOf(password, userId),
      (skill) => this.skillPlan.has(skill),
    );
    if (new Set(rows.map((row) => row.password)).size > MOST_PASSWORDS) {
      faults.push({ line: 1, column: 'password', reason: `一次最多导入 ${MOST_PASSWORDS} 个不同的密码` });
    }
    const now = this.clock.now();
    const planned = await this.readModel.run((tx) => this.plan(tx, rows, now));
    if (faults.length || planned.faults.length) return refused(raw, [...faults, ...planned.faults]);

    const hashes = await this.newHashes(rows);
    const origin: Origin = { actorId: actor.userId, commandId: randomUUID(), causationId: null, recordedAt: now };
    return this.unitOfWork.run(async (tx) => {
      await this.accounts.lock(tx);
      // Planned again: others may have changed accounts while the passwords were hashed.
      const { changes, faults: late } = await this.plan(tx, rows, now);
      if (late.length) return refused(raw, late);
      let written = 0;
      for (const change of changes) {
        const changed = await this.write(tx, origin, change, hashes);
        const { username, skills } = change.row;
        // After it: before it there may be no such user.
        const learnt = skills !== undefined && (await this.skills.set(tx, origin, username, skills));
        if (changed || learnt) written++;
      }
      return {
        list: 'users',
        version: null,
        status: written ? 'activated' : 'unchanged',
        rows: raw.length,
        errors: [],
      };
    });
  }

  private async plan(
    tx: ReadTx,
    rows: readonly UserRow[],
    now: number,
  ): Promise<{ changes: Change[]; faults: RowFault[] }> {
    const known = await this.accounts.findAll(
      tx,
      rows.map((row) => row.username),
    );
    const changes = rows.map((row) => {
      const account = known.get(row.username);
      return { row, account, rights: rightsAfter(row, account) };
    });
    const faults = [
      ...changes.flatMap(missingFields),
      ...(await this.unitFaults(tx, changes, now)),
      ...(await this.seatFaults(tx, changes)),
      ...(await this.adminFaults(tx, changes)),
    ];
    return { changes, faults };
  }

  private async unitFaults(tx: ReadTx, changes: readonly Change[], now: number): Promise<RowFault[]> {
    const units = await this.lists.units(tx, now);
    return changes.flatMap(({ row, account, rights: { unitId } }) => {
      if (unitId === null || unitId === account?.unitId) return [];
      const unit = units.get(unitId);
      if (unit?.active) return [];
      return [{ line: row.line, column: 'unitId', reason: unit ? '这个单位已停用' : '没有这个单位' }];
    });
  }

  /** Everybody's seat as it will be: two who swap seats in one list are no fault. */
  private async seatFaults(tx: ReadTx, changes: readonly Change[]): Promise<RowFault[]> {
    const sitting = changes.filter(({ rights }) => rights.active && rights.seatId !== null);
    const inList = new Set(changes.map(({ row }) => row.username));
    const taken = await this.accounts.seated(
      tx,
      sitting.map(({ rights }) => rights.seatId!),
    );
    const lineOf = new Map<string, number>();
    return sitting.flatMap(({ row: { line, username }, rights }) => {
      const seatId = rights.seatId!;
      const before = lineOf.get(seatId);
      lineOf.set(seatId, line);
      if (before !== undefined) return [{ line, column: 'seatId', reason: `与第 ${before} 行的坐席重复` }];
      const sitter = taken.get(seatId);
      if (sitter === undefined || sitter === username || inList.has(sitter)) return [];
      return [{ line, column: 'seatId', reason: '这个坐席已属于另一位用户' }];
    });
  }

  private async adminFaults(tx: ReadTx, changes: readonly Change[]): Promise<RowFault[]> {
    const admins = new Set(await this.accounts.activePolicyAdmins(tx));
    let lastLine = 1;
    for (const { row, rights } of changes) {
      if (rights.active && rights.roles.includes('policy_admin')) admins.add(row.username);
      else if (admins.delete(row.username)) lastLine = row.line;
    }
    return admins.size ? [] : [{ line: lastLine, column: 'roles', reason: '至少要留下一位有效的管理员' }];
  }

  /** One hash for each distinct password; none for one that its user has already. */
  private async newHashes(rows: readonly UserRow[]): Promise<Map<string, string>> {
    const stored = await this.readModel.run((tx) =>
      this.accounts.passwordHashes(
        tx,
        rows.map((row) => row.username),
      ),
    );
    const hashes = new Map<string, string>();
    const made = new Map<string, string>();
    for (const { username, password } of rows) {
      if (password === undefined) continue;
      const old = stored.get(username);
      // One after the other: people who log in meanwhile wait for the same two places.
      if (old !== undefined && (await this.passwords.verify(password, old))) continue;
      const hash = made.get(password) ?? (await this.passwords.hash(password));
      made.set(password, hash);
      hashes.set(username, hash);
    }
    return hashes;
  }

  private async write(
    tx: Tx,
    origin: Origin,
    { row, account, rights }: Change,
    hashes: ReadonlyMap<string, string>,
  ): Promise<boolean> {
    const hash = hashes.get(row.username);
    if (!account) {
      if (hash === undefined) throw new Error('a new user was planned without a password');
      const { name = row.username } = row;
      return this.accounts.admit(tx, origin, { userId: row.username, name, ...rights, demo: false }, hash);
    }
    const renamed = row.name !== undefined && row.name !== account.name;
    if (renamed) await this.accounts.rename(tx, account.userId, row.name!);
    if (hash !== undefined) await this.accounts.replacePassword(tx, origin, account.userId, hash);
    const changed = await this.accounts.changeRights(tx, origin, account, rights);
    return renamed || hash !== undefined || changed;
  }
}

function rightsAfter(row: UserRow, account: Account | undefined): Rights {
  return {
    roles: row.roles ?? account?.roles ?? [],
    unitId: row.unitId === undefined ? (account?.unitId ?? null) : row.unitId,
    seatId: row.seatId === undefined ? (account?.seatId ?? null) : row.seatId,
    active: row.active ?? account?.active ?? true,
  };
}

function missingFields({ row, account }: Change): RowFault[] {
  if (account) return [];
  const { line } = row;
  const faults: RowFault[] = [];
  if (row.name === undefined) faults.push({ line, column: 'name', reason: '新用户须有姓名' });
  if (row.roles === undefined) faults.push({ line, column: 'roles', reason: '新用户须有角色' });
  if (row.password === undefined) faults.push({ line, column: 'password', reason: '新用户须有密码' });
  return faults;
}

const refused = (raw: readonly RawUserRow[], errors: RowFault[]): ImportReport => ({
  list: 'users',
  version: null,
  status: 'refused',
  rows: raw.length,
  errors: [...errors].sort((a, b) => a.line - b.line),
});
