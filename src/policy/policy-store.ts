import { Injectable } from '@nestjs/common';
import type { PolicyHistoryEntry, PolicyValue } from '@minqing-hub/client-sdk/protocol';
import type { Setting } from '../domain/policy/decide-change.js';
import { HubSettings } from '../identity/hub-settings.js';
import { SYSTEM } from '../identity/actor.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

/** A value in force. */
export interface HeldRow extends Setting {
  key: string;
  version: number;
  /** From when it holds. */
  since: number;
  /** `null`: it came with the file. */
  changeId: string | null;
}

/** A value in force, and the one before it. */
export interface NewlyHeld extends HeldRow {
  before: Setting | undefined;
}

/** What somebody has decided, whatever became of it. */
export interface StoredChange extends Setting {
  changeId: string;
  key: string;
  effectiveAt: number;
  setBy: string;
  at: number;
  reason: string;
  recalculate: boolean;
}

interface ChangeRow {
  change_id: string;
  policy_key: string;
  value: string;
  unit: string;
  effective_at: number;
  set_by: string;
  at: number;
  reason: string;
  recalculate: number;
}

interface VersionRow {
  version: number;
  policy_key: string;
  value: string;
  unit: string;
  before_value: string | null;
  before_unit: string | null;
  since: number;
  at: number;
  change_id: string | null;
}

/** Neither in force yet nor withdrawn. */
const PENDING = `FROM policy_change c
  LEFT JOIN policy_version v ON v.change_id = c.change_id
  LEFT JOIN policy_withdrawal w ON w.change_id = c.change_id
  WHERE v.change_id IS NULL AND w.change_id IS NULL`;

/** Rows that say what was decided about the policy and what came into force. None is ever changed. [PC5] */
@Injectable()
export class PolicyStore {
  constructor(private readonly hubSettings: HubSettings) {}

  /** The newest version; until commit nobody else puts anything in force. 0: there is none yet. */
  async lockVersion(tx: Tx): Promise<number> {
    return Number((await this.hubSettings.lock(tx, 'policy.version')) ?? 0);
  }

  /** What holds, of each policy that ever had a value. */
  async held(tx: ReadTx): Promise<HeldRow[]> {
    const rows = await tx.all<VersionRow>(
      `SELECT v.* FROM policy_version v
       JOIN (SELECT policy_key, MAX(version) AS version FROM policy_version GROUP BY policy_key) newest
         ON newest.policy_key = v.policy_key AND newest.version = v.version`,
    );
    return rows.map(heldOf);
  }

  async heldOf(tx: ReadTx, key: string): Promise<HeldRow | undefined> {
    const row = await tx.one<VersionRow>(
      'SELECT * FROM policy_version WHERE policy_key = ? ORDER BY version DESC LIMIT 1',
      [key],
    );
    return row && heldOf(row);
  }

  /** What is planned, the next one first; of one policy, or of all. */
  async planned(tx: ReadTx, key?: string): Promise<StoredChange[]> {
    const rows = await tx.all<ChangeRow>(
      `SELECT c.* ${PENDING}${key === undefined ? '' : ' AND c.policy_key = ?'} ORDER BY c.effective_at, c.change_id`,
      key === undefined ? [] : [key],
    );
    return rows.map(changeOf);
  }

  async change(tx: ReadTx, changeId: string): Promise<StoredChange | undefined> {
    const row = await tx.one<ChangeRow>('SELECT * FROM policy_change WHERE change_id = ?', [changeId]);
    return row && changeOf(row);
  }

  /** Whether a change of it that came into force after this version has what runs counted anew. */
  async recountsLater(tx: ReadTx, key: string, version: number): Promise<boolean> {
    const later = await tx.one(
      `SELECT v.version FROM policy_version v JOIN policy_change c ON c.change_id = v.change_id
       WHERE v.policy_key = ? AND v.version > ? AND c.recalculate = 1 LIMIT 1`,
      [key, version],
    );
    return later !== undefined;
  }

  async add(tx: Tx, change: StoredChange): Promise<void> {
    await tx.insert('policy_change', {
      change_id: change.changeId,
      policy_key: change.key,
      value: JSON.stringify(change.value),
      unit: change.unit,
      effective_at: change.effectiveAt,
      set_by: change.setBy,
      at: change.at,
      reason: change.reason,
      recalculate: change.recalculate ? 1 : 0,
    });
  }

  async withdraw(tx: Tx, changeId: string, by: { userId: string; at: number; reason: string }): Promise<void> {
    await tx.insert('policy_withdrawal', {
      change_id: changeId,
      withdrawn_by: by.userId,
      at: by.at,
      reason: by.reason,
    });
  }

  /** Rows of one version, at least one; under `lockVersion`. */
  async putInForce(tx: Tx, rows: readonly NewlyHeld[], now: number): Promise<void> {
    await tx.insertMany(
      'policy_version',
      rows.map(({ before, ...row }) => ({
        version: row.version,
        policy_key: row.key,
        value: JSON.stringify(row.value),
        unit: row.unit,
        before_value: before ? JSON.stringify(before.value) : null,
        before_unit: before?.unit ?? null,
        since: row.since,
        at: now,
        change_id: row.changeId,
      })),
    );
    await this.hubSettings.set(tx, 'policy.version', String(rows[0]!.version));
  }

  /** All that was ever decided about a policy, and each value it had: what holds from later on comes first. */
  async history(tx: ReadTx, key: string): Promise<PolicyHistoryEntry[]> {
    const rows = await tx.all<HistoryRow>(
      `SELECT c.change_id, c.value, c.unit, c.effective_at, c.set_by, c.at, c.reason, c.recalculate,
              v.version, v.before_value, v.before_unit, w.withdrawn_by, w.at AS withdrawn_at, w.reason AS withdrawn_reason
       FROM policy_change c
       LEFT JOIN policy_version v ON v.change_id = c.change_id
       LEFT JOIN policy_withdrawal w ON w.change_id = c.change_id
       WHERE c.policy_key = ?`,
      [key],
    );
    const fromFile = await tx.all<VersionRow>(
      'SELECT * FROM policy_version WHERE policy_key = ? AND change_id IS NULL',
      [key],
    );
    const newest = (await this.heldOf(tx, key))?.version ?? null;
    const entries = [...rows.map(decided), ...fromFile.map(cameWithFile)];
    for (const entry of entries) if (entry.version !== null && entry.version !== newest) entry.state = 'past';
    return entries.sort((a, b) => b.effectiveAt - a.effectiveAt || (b.version ?? Infinity) - (a.version ?? Infinity));
  }
}

interface HistoryRow extends Omit<ChangeRow, 'policy_key'> {
  version: number | null;
  before_value: string | null;
  before_unit: string | null;
  withdrawn_by: string | null;
  withdrawn_at: number | null;
  withdrawn_reason: string | null;
}

const valueIn = (text: string): PolicyValue => JSON.parse(text) as PolicyValue;

const beforeOf = ({ before_value: value, before_unit: unit }: Pick<VersionRow, 'before_value' | 'before_unit'>) =>
  value === null ? null : { value: valueIn(value), unit: unit ?? '' };

const heldOf = (row: VersionRow): HeldRow => ({
  key: row.policy_key,
  value: valueIn(row.value),
  unit: row.unit,
  version: row.version,
  since: row.since,
  changeId: row.change_id,
});

const changeOf = (row: ChangeRow): StoredChange => ({
  changeId: row.change_id,
  key: row.policy_key,
  value: valueIn(row.value),
  unit: row.unit,
  effectiveAt: row.effective_at,
  setBy: row.set_by,
  at: row.at,
  reason: row.reason,
  recalculate: row.recalculate === 1,
});

function decided(row: HistoryRow): PolicyHistoryEntry {
  const withdrawn =
    row.withdrawn_by === null
      ? null
      : { by: row.withdrawn_by, at: row.withdrawn_at!, reason: row.withdrawn_reason ?? '' };
  return {
    changeId: row.change_id,
    state: withdrawn ? 'withdrawn' : row.version === null ? 'planned' : 'in_force',
    value: valueIn(row.value),
    unit: row.unit,
    before: beforeOf(row),
    version: row.version,
    effectiveAt: row.effective_at,
    setBy: row.set_by,
    setAt: row.at,
    reason: row.reason,
    recalculate: row.recalculate === 1,
    withdrawn,
  };
}

const cameWithFile = (row: VersionRow): PolicyHistoryEntry => ({
  changeId: null,
  state: 'in_force',
  value: valueIn(row.value),
  unit: row.unit,
  before: beforeOf(row),
  version: row.version,
  effectiveAt: row.since,
  setBy: SYSTEM.userId,
  setAt: row.at,
  reason: null,
  recalculate: false,
  withdrawn: null,
});
