import { setImmediate as nextTurn } from 'node:timers/promises';
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
import { EventLog, type NewEvent, type Origin } from '../event-log/event-log.js';
import { type Actor, hasRole } from '../identity/actor.js';
import { People } from '../identity/people.js';
import { SeatLedger } from '../queues/seat-ledger.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import { RosterDrafts } from './roster-drafts.js';
import { type RawRosterRow, readRosterRows, type RowFault } from './roster-row.js';
import { RosterStore, type StoredShift } from './roster-store.js';
import { ShiftPlan } from './shift-plan.js';

export { type RawRosterRow, ROSTER_COLUMNS } from './roster-row.js';

/** Who makes rosters. */
export const ROSTER_IMPORTERS: readonly Role[] = ['shift_leader', 'policy_admin'];

/** Two weeks and more of a thousand people. */
const MOST_ROWS = 20_000;
/** So many are looked at in one turn of the event loop, and written in one transaction. */
const TURN = 500;
/** Somebody may sign on for what is being changed, and again while it is looked at anew. */
const MOST_TRIES = 5;
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
    private readonly drafts: RosterDrafts,
    private readonly people: People,
    private readonly seats: SeatLedger,
    private readonly log: EventLog,
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly policy: Policy,
  ) {}

  /**
   * Opens its own transactions: many small ones that write ahead what is new, and one that puts it in force and changes
   * what stands. No other import of rosters may run.
   * @throws {HubException} `forbidden`, `list_import_running` when another has run all the same
   */
  async apply(actor: Actor, raw: readonly RawRosterRow[]): Promise<ImportReport> {
    if (!hasRole(actor, ROSTER_IMPORTERS)) throw new HubException('forbidden', '您没有导入排班的权限');
    if (raw.length > MOST_ROWS) {
      return refused(raw, [{ line: MOST_ROWS + 1, column: '*', reason: `一次最多导入 ${MOST_ROWS} 行` }]);
    }
    const { rows, faults } = await this.read(raw);
    const now = this.clock.now();
    const origin: Origin = { actorId: actor.userId, commandId: newCommandId(), causationId: null, recordedAt: now };
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      await this.drafts.clear();
      const { changes, faults: found } = await this.compare(rows, now);
      if (faults.length + found.length > 0) return refused(raw, [...faults, ...found]);
      const counts = countsOf(changes);
      if (Object.values(counts).every((count) => count === 0)) return { ...reportOf(raw), status: 'unchanged' };
      const importId = newCommandId();
      await this.writeAhead(importId, changes.added);
      const days = daysOf(rows).length;
      const event = imported({ days, shifts: rows.length, ...counts }, now);
      if (!(await this.putInForce(importId, changes, origin, event))) continue;
      await this.drafts.clear();
      return { ...reportOf(raw), status: 'activated' };
    }
    throw new Error('a roster would not hold still');
  }

  private async read(raw: readonly RawRosterRow[]): Promise<{ rows: RosterRow[]; faults: RowFault[] }> {
    const rows: RosterRow[] = [];
    const faults: RowFault[] = raw.length === 0 ? [{ line: 1, column: '*', reason: '排班没有任何一行' }] : [];
    await inTurns(raw, (some) => {
      const read = readRosterRows(some, this.plan);
      faults.push(...read.faults);
      for (const { kind, ...row } of read.rows) {
        rows.push({ ...row, shiftId: derivedId('shift', row.day, kind.code, row.userId), code: kind.code });
      }
    });
    return { rows, faults };
  }

  private async writeAhead(importId: string, added: readonly RosteredShift[]): Promise<void> {
    await this.drafts.begin(importId, daysOf(added));
    await inTurns(added, async (some) => {
      if (!(await this.drafts.add(importId, some))) throw anotherRuns();
    });
  }

  /** False, and nothing done, when somebody has signed on meanwhile for what was to be changed or taken out. */
  private putInForce(
    importId: string,
    { changed, removed }: Changes,
    origin: Origin,
    event: NewEvent,
  ): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const worked = new Set((await this.seats.signedOn({ tx })).map(({ shiftId }) => shiftId));
      if ([...changed.map(({ from }) => from), ...removed].some(({ shiftId }) => worked.has(shiftId))) return false;
      try {
        await tx.nested(async () => {
          if (!(await this.drafts.putInForce(tx, importId))) throw anotherRuns();
          for (const shift of removed) mustHold(await this.roster.remove(tx, shift));
          for (const { from, to } of changed) mustHold(await this.roster.change(tx, from, to));
          await this.log.append(tx, origin, [event]);
        });
        return true;
      } catch (fault) {
        if (fault instanceof Changed) return false;
        throw fault;
      }
    });
  }

  /** Reads a day at a time, so that nobody waits for all of them: what changes meanwhile is found out at the end. */
  private async compare(rows: readonly RosterRow[], now: number): Promise<{ changes: Changes; faults: RowFault[] }> {
    const worked = new Set(
      (await this.readModel.run((tx) => this.seats.signedOn({ tx }))).map(({ shiftId }) => shiftId),
    );
    const replaceable = (shift: StoredShift) => isReplaceable(shift, now) && !worked.has(shift.shiftId);
    const days = daysOf(rows);
    const before = await this.ofDays(days);
    const known = new Map(before.map((shift) => [shift.shiftId, shift]));
    const wanted = new Set(rows.map(({ shiftId }) => shiftId));
    const faults = [...(await this.userFaults(rows)), ...this.dayFaults(rows, known, now, replaceable)];
    const changes: Changes = { added: [], changed: [], removed: [] };
    for (const row of rows) {
      const from = known.get(row.shiftId);
      if (!from) changes.added.push(shiftOf(row));
      else if (!isSame(from, row)) changes.changed.push({ from, to: { ...from, ...shiftOf(row) } });
    }
    const stays: StoredShift[] = [];
    for (const shift of before) {
      if (wanted.has(shift.shiftId)) continue;
      (replaceable(shift) ? changes.removed : stays).push(shift);
    }
    await nextTurn();
    faults.push(...rosterFaults(rows, [...stays, ...(await this.ofDays(beside(days)))]));
    return { changes, faults };
  }

  private async ofDays(days: readonly string[]): Promise<StoredShift[]> {
    const found: StoredShift[] = [];
    await inTurns(
      days,
      async (some) => void found.push(...(await this.readModel.run((tx) => this.roster.ofDays(tx, some)))),
      1,
    );
    return found;
  }

  private async userFaults(rows: readonly RosterRow[]): Promise<RowFault[]> {
    const reasons = new Map<string, string | null>();
    await inTurns([...new Set(rows.map(({ userId }) => userId))], (some) =>
      this.readModel.run(async (tx) => {
        for (const userId of some) {
          const user = await this.people.actor(tx, userId);
          const reason = user
            ? hasRole(user, SEAT_ROLES)
              ? null
              : '这个用户不在坐席上工作'
            : '没有这个用户，或账号已停用';
          reasons.set(userId, reason);
        }
      }),
    );
    return rows.flatMap(({ line, userId }) => {
      const reason = reasons.get(userId);
      return reason ? [{ line, column: 'username', reason }] : [];
    });
  }

  /** [SH3] What is over, or has begun to be worked, stands as it is; what is far ahead is a slip of the pen. */
  private dayFaults(
    rows: readonly RosterRow[],
    known: ReadonlyMap<string, StoredShift>,
    now: number,
    replaceable: (shift: StoredShift) => boolean,
  ): RowFault[] {
    const today = chinaDay(now);
    const ahead = this.policy.number('roster.mostDaysAhead');
    const last = chinaDay(now + ahead * DAY_MS);
    return rows.flatMap((row): RowFault[] => {
      const { line, day, endsAt } = row;
      const from = known.get(row.shiftId);
      if (from) {
        if (isSame(from, row) || replaceable(from)) return [];
        return [{ line, column: 'seatId', reason: '这一班已有人上岗或已结束，不能更改' }];
      }
      if (endsAt <= now && day < today) return [{ line, column: 'date', reason: '日期已过，不能再排班' }];
      return day > last ? [{ line, column: 'date', reason: `最多提前 ${ahead} 天排班` }] : [];
    });
  }
}

/** What was to be changed is not as it was read. */
class Changed extends Error {}

function mustHold(held: boolean): void {
  if (!held) throw new Changed();
}

const anotherRuns = (): HubException => new HubException('list_import_running', '这张清单正在导入，请稍后再试');

/** Some at a time; between two of them others have their turn. */
async function inTurns<T>(all: readonly T[], work: (some: T[]) => Promise<void> | void, size = TURN): Promise<void> {
  for (let from = 0; from < all.length; from += size) {
    await work(all.slice(from, from + size));
    await nextTurn();
  }
}

const daysOf = (shifts: readonly { day: string }[]): string[] => [...new Set(shifts.map(({ day }) => day))];

/** The days next to these: a shift that runs over midnight is at the same time as one of theirs. */
function beside(days: readonly string[]): string[] {
  const next = (day: string, by: number) => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);
  const around = new Set(days.flatMap((day) => [next(day, -1), next(day, 1)]));
  return [...around].filter((day) => !days.includes(day));
}

const countsOf = ({ added, changed, removed }: Changes) => ({
  added: added.length,
  changed: changed.length,
  removed: removed.length,
});

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
