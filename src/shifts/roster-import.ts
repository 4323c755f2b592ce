import { Injectable } from '@nestjs/common';
import type { ImportReport, Role } from '@minqing-hub/client-sdk/protocol';
import { derivedId } from '../commands/derived-id.js';
import { HubException } from '../commands/hub-exception.js';
import { newCommandId } from '../commands/new-command-id.js';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import { SEAT_ROLES } from '../domain/queue/queues-of.js';
import { rosterFaults, type RosterRow } from '../domain/shift/roster-faults.js';
import { isReplaceable, type RosteredShift } from '../domain/shift/rostered-shift.js';
import { chinaDay } from '../domain/shift/shift-plan.js';
import { EventLog, type Origin } from '../event-log/event-log.js';
import { type Actor, hasRole } from '../identity/actor.js';
import { People } from '../identity/people.js';
import { SeatLedger } from '../queues/seat-ledger.js';
import { ReadModel, type ReadTx, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { type RawRosterRow, type ReadRosterRow, readRosterRows, type RowFault } from './roster-row.js';
import { RosterStore, type StoredShift } from './roster-store.js';
import { ShiftPlan } from './shift-plan.js';

export { type RawRosterRow, ROSTER_COLUMNS } from './roster-row.js';

/** Who makes rosters. */
export const ROSTER_IMPORTERS: readonly Role[] = ['shift_leader', 'policy_admin'];

/** One transaction writes them all, so that a roster holds whole or not at all: two weeks and more of a thousand people. */
const MOST_ROWS = 20_000;
const DAY_MS = 24 * 3_600_000;

interface Changes {
  added: RosteredShift[];
  changed: { from: StoredShift; to: StoredShift }[];
  removed: StoredShift[];
}

/**
 * Rosters: what a file says of a day replaces what was rostered for it, as far as nobody has come for it and it is not
 * over; days that it does not name stay as they are. [SH2] [SH3]
 */
@Injectable()
export class RosterImporter {
  constructor(
    private readonly plan: ShiftPlan,
    private readonly roster: RosterStore,
    private readonly people: People,
    private readonly seats: SeatLedger,
    private readonly log: EventLog,
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly policy: Policy,
  ) {}

  /**
   * Opens its own transaction.
   * @throws {HubException} `forbidden`
   */
  async apply(actor: Actor, raw: readonly RawRosterRow[]): Promise<ImportReport> {
    if (!hasRole(actor, ROSTER_IMPORTERS)) throw new HubException('forbidden', '您没有导入排班的权限');
    if (raw.length > MOST_ROWS) {
      return refused(raw, [{ line: MOST_ROWS + 1, column: '*', reason: `一次最多导入 ${MOST_ROWS} 行` }]);
    }
    const { rows, faults } = readRosterRows(raw, this.plan);
    if (raw.length === 0) faults.push({ line: 1, column: '*', reason: '排班没有任何一行' });
    const now = this.clock.now();
    const planned = await this.readModel.run((tx) => this.compare(tx, rows, now));
    if (faults.length || planned.faults.length) return refused(raw, [...faults, ...planned.faults]);

    const origin: Origin = { actorId: actor.userId, commandId: newCommandId(), causationId: null, recordedAt: now };
    return this.unitOfWork.run(async (tx) => {
      // Compared again: somebody may have signed on meanwhile.
      const { changes, faults: late } = await this.compare(tx, rows, now);
      if (late.length) return refused(raw, late);
      const counts = await this.write(tx, changes);
      const unchanged = Object.values(counts).every((count) => count === 0);
      if (!unchanged) {
        const days = new Set(rows.map(({ day }) => day)).size;
        await this.log.append(tx, origin, [imported({ days, shifts: rows.length, ...counts }, now)]);
      }
      return { ...reportOf(raw), status: unchanged ? 'unchanged' : 'activated' };
    });
  }

  private async compare(
    tx: ReadTx,
    read: readonly ReadRosterRow[],
    now: number,
  ): Promise<{ changes: Changes; faults: RowFault[] }> {
    const rows = read.map(({ line, day, kind, startsAt, endsAt, userId, seatId }): RosterRow => ({
      line,
      shiftId: derivedId('shift', day, kind.code, userId),
      day,
      code: kind.code,
      startsAt,
      endsAt,
      userId,
      seatId,
    }));
    const worked = new Set((await this.seats.signedOn({ tx })).map(({ shiftId }) => shiftId));
    const replaceable = (shift: StoredShift) => isReplaceable(shift, now) && !worked.has(shift.shiftId);
    const before = await this.roster.ofDays(tx, [...new Set(rows.map(({ day }) => day))]);
    const known = new Map(before.map((shift) => [shift.shiftId, shift]));
    const wanted = new Set(rows.map(({ shiftId }) => shiftId));
    const faults: RowFault[] = await this.userFaults(tx, rows);
    const changes: Changes = { added: [], changed: [], removed: [] };
    for (const row of rows) {
      const from = known.get(row.shiftId);
      const fault = this.dayFault(row, from, now, replaceable);
      if (fault) faults.push(fault);
      if (!from) changes.added.push(shiftOf(row));
      else if (!isSame(from, row)) changes.changed.push({ from, to: { ...from, ...shiftOf(row) } });
    }
    const stays: StoredShift[] = [];
    for (const shift of before) {
      if (wanted.has(shift.shiftId)) continue;
      (replaceable(shift) ? changes.removed : stays).push(shift);
    }
    faults.push(...rosterFaults(rows, [...stays, ...(await this.beside(tx, rows, known))]));
    return { changes, faults };
  }

  /** What is rostered for other days at the same times. */
  private async beside(
    tx: ReadTx,
    rows: readonly RosterRow[],
    known: ReadonlyMap<string, StoredShift>,
  ): Promise<StoredShift[]> {
    let [from, to] = [Infinity, -Infinity];
    for (const { startsAt, endsAt } of rows) [from, to] = [Math.min(from, startsAt), Math.max(to, endsAt)];
    if (rows.length === 0) return [];
    return (await this.roster.between(tx, from, to)).filter(({ shiftId }) => !known.has(shiftId));
  }

  private async userFaults(tx: ReadTx, rows: readonly RosterRow[]): Promise<RowFault[]> {
    const reasons = new Map<string, string | null>();
    const faults: RowFault[] = [];
    for (const { line, userId } of rows) {
      let reason = reasons.get(userId);
      if (reason === undefined) {
        const user = await this.people.actor(tx, userId);
        reason = user ? (hasRole(user, SEAT_ROLES) ? null : '这个用户不在坐席上工作') : '没有这个用户，或账号已停用';
        reasons.set(userId, reason);
      }
      if (reason !== null) faults.push({ line, column: 'username', reason });
    }
    return faults;
  }

  /** [SH3] What is over, or has begun to be worked, stands as it is; what is far ahead is a slip of the pen. */
  private dayFault(
    row: RosterRow,
    from: StoredShift | undefined,
    now: number,
    replaceable: (shift: StoredShift) => boolean,
  ): RowFault | undefined {
    if (from) {
      if (isSame(from, row) || replaceable(from)) return undefined;
      return { line: row.line, column: 'seatId', reason: '这一班已有人上岗或已结束，不能更改' };
    }
    if (row.endsAt <= now && row.day < chinaDay(now)) {
      return { line: row.line, column: 'date', reason: '日期已过，不能再排班' };
    }
    const ahead = this.policy.number('roster.mostDaysAhead');
    if (row.day > chinaDay(now + ahead * DAY_MS)) {
      return { line: row.line, column: 'date', reason: `最多提前 ${ahead} 天排班` };
    }
    return undefined;
  }

  private async write(tx: Tx, { added, changed, removed }: Changes) {
    for (const shift of removed) mustHold(await this.roster.remove(tx, shift));
    for (const { from, to } of changed) mustHold(await this.roster.change(tx, from, to));
    for (const shift of added) await this.roster.add(tx, shift);
    return { added: added.length, changed: changed.length, removed: removed.length };
  }
}

function mustHold(held: boolean): void {
  if (!held) throw new Error('a rostered shift was changed by somebody else');
}

const shiftOf = ({ shiftId, day, code, startsAt, endsAt, userId, seatId }: RosterRow): RosteredShift => ({
  shiftId,
  day,
  code,
  startsAt,
  endsAt,
  userId,
  seatId,
});

const isSame = (a: RosteredShift, b: RosteredShift): boolean =>
  a.seatId === b.seatId && a.startsAt === b.startsAt && a.endsAt === b.endsAt;

const imported = (counts: Record<string, number>, at: number) => ({
  subject: 'list:roster' as const,
  type: 'roster.imported' as const,
  at,
  version: null,
  data: counts,
  card: null,
  rooms: { floor: 'full' as const },
});

const reportOf = (raw: readonly RawRosterRow[]) => ({ list: 'roster', version: null, rows: raw.length, errors: [] });

const refused = (raw: readonly RawRosterRow[], errors: RowFault[]): ImportReport => ({
  ...reportOf(raw),
  status: 'refused',
  errors: [...errors].sort((a, b) => a.line - b.line),
});
