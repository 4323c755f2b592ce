import { HubException } from '../commands/hub-exception.js';
import { type IdentityKit, openIdentityKit } from '../../test/support/identity-kit.js';
import { allPlaced } from '../../test/support/store.js';
import { newSeat } from '../domain/queue/seat.js';
import type { Actor } from '../identity/actor.js';
import { RosterDrafts } from './roster-drafts.js';
import { RosterImporter } from './roster-import.js';
import { SeatLedger } from '../queues/seat-ledger.js';
import { SeatStore } from '../queues/seat-store.js';
import type { RawRosterRow } from './roster-row.js';
import { RosterStore } from './roster-store.js';
import { ShiftPlan } from './shift-plan.js';

/** `day code user seat`, one a line, as a CSV file gives them: line 1 is the header. */
const rowsOf = (...lines: string[]): RawRosterRow[] =>
  lines.map((line, i) => {
    const [date = '', shift = '', username = '', seatId = ''] = line.split(' ');
    return { line: i + 2, cells: { date, shift, username, seatId }, faults: [] };
  });

const at = (text: string) => Date.parse(`${text}:00+08:00`);

const seatStore = new SeatStore();

describe('import of rosters', () => {
  let kit: IdentityKit;
  let leader: Actor;
  let roster: RosterStore;
  let importer: RosterImporter;
  beforeEach(async () => {
    kit = await openIdentityKit();
    roster = new RosterStore();
    // Of the seats only what stands in their rows is asked.
    const seats = new SeatLedger(seatStore, ...([] as unknown as [never, never, never, never]));
    importer = new RosterImporter(
      new ShiftPlan(kit.settings),
      roster,
      new RosterDrafts(kit.unitOfWork, roster),
      kit.people,
      seats,
      kit.eventLog,
      kit.unitOfWork,
      kit.readModel,
      kit.clock,
      kit.policy,
    );
    leader = await kit.addUser('leader', { roles: ['shift_leader'] });
    for (const name of ['anna', 'bert', 'cora']) await kit.addUser(name, { roles: ['agent'] });
    // 2026-03-02 09:00 in China
    expect(kit.clock.now()).toBe(at('2026-03-02T09:00'));
  });
  afterEach(() => kit.close());

  const apply = (...lines: string[]) => importer.apply(leader, rowsOf(...lines));
  const stored = async () =>
    (await kit.readModel.run((tx) => roster.between(tx, 0, Number.MAX_SAFE_INTEGER)))
      .map(({ day, code, userId, seatId }) => `${day} ${code} ${userId} ${seatId ?? '-'}`)
      .sort();
  const told = async () =>
    (await allPlaced(kit)).filter(({ type }) => type === 'roster.imported').map(({ data }) => data);
  const comesFor = (userId: string, more: { signedOffAt?: number } = {}) =>
    kit.unitOfWork.run(async (tx) => {
      const [shift] = await roster.ofUser(tx, userId, kit.clock.now(), 1);
      await roster.change(tx, shift!, { ...shift!, signedOnAt: kit.clock.now(), ...more });
    });

  it('[SH2] takes it in, by code or name, and tells only how much', async () => {
    expect(await apply('2026-03-03 early anna A001', '2026-03-03 大夜班 bert A001', '2026-03-04 late cora')).toEqual({
      list: 'roster',
      version: null,
      status: 'activated',
      rows: 3,
      errors: [],
    });
    expect(await stored()).toEqual([
      '2026-03-03 early anna A001',
      '2026-03-03 night bert A001',
      '2026-03-04 late cora -',
    ]);
    expect(await told()).toEqual([{ days: 2, shifts: 3, added: 3, changed: 0, removed: 0 }]);
  });

  it('[SH3] the same file again changes nothing, also when its days are over', async () => {
    const file = ['2026-03-03 early anna A001', '2026-03-03 night bert A001'];
    await apply(...file);
    expect((await apply(...file)).status).toBe('unchanged');
    kit.clock.advance(10 * 24 * 3_600_000);
    expect((await apply(...file)).status).toBe('unchanged');
    expect(await told()).toHaveLength(1);
  });

  it('[SH2] reports every bad row with line, column and reason, and takes in nothing', async () => {
    await kit.addUser('gone', { roles: ['agent'], active: false });
    const report = await apply(
      '2026-02-30 early anna A001',
      '03/03/2026 early anna A001',
      '2026-03-03 dawn anna A001',
      '2026-03-03 early nobody A001',
      '2026-03-03 early gone A002',
      '2026-03-03 early leader A003',
      '2026-03-03 early anna 13812345678',
      '2026-03-01 early anna A005',
      '2026-12-03 early anna A006',
      '2026-03-04 early bert A007',
    );
    expect(report).toMatchObject({ status: 'refused', rows: 10 });
    expect(report.errors).toEqual([
      { line: 2, column: 'date', reason: '应为真实存在的日期，如 2026-11-22' },
      { line: 3, column: 'date', reason: '应为真实存在的日期，如 2026-11-22' },
      { line: 4, column: 'shift', reason: '班次表中没有这个班次' },
      { line: 5, column: 'username', reason: '没有这个用户，或账号已停用' },
      { line: 6, column: 'username', reason: '没有这个用户，或账号已停用' },
      { line: 7, column: 'username', reason: '这个用户不在坐席上工作' },
      { line: 8, column: 'seatId', reason: '坐席编号只能用字母、数字和连字符，不能是电话等号码' },
      { line: 9, column: 'date', reason: '日期已过，不能再排班' },
      { line: 10, column: 'date', reason: '最多提前 62 天排班' },
    ]);
    expect(await stored()).toEqual([]);
    expect(await told()).toEqual([]);
    expect((await importer.apply(leader, [])).errors).toEqual([{ line: 1, column: '*', reason: '排班没有任何一行' }]);
  });

  it('[SH2] nobody, and no seat, is in two shifts at a time: over midnight and against what stands', async () => {
    await apply('2026-03-03 night anna A001');
    const { errors } = await apply(
      '2026-03-04 evening anna A003',
      '2026-03-04 night anna A003',
      '2026-03-04 day bert A002',
      '2026-03-04 noon cora A002',
      '2026-03-04 noon cora A002',
    );
    expect(errors).toEqual([
      { line: 3, column: 'username', reason: '这个人与第 2 行的时间重叠' },
      { line: 3, column: 'seatId', reason: '这个坐席与第 2 行的时间重叠' },
      { line: 5, column: 'seatId', reason: '这个坐席与第 4 行的时间重叠' },
      { line: 6, column: 'username', reason: '与第 5 行重复' },
    ]);
    await kit.addUser('dora', { roles: ['dispatcher'] });
    expect((await apply('2026-03-04 early anna A001', '2026-03-04 day dora A004')).status).toBe('activated');
    // 23:00 of the 2nd to 07:00 of the 3rd, beside 19:00 to 03:00 of the same night.
    await apply('2026-03-02 evening bert A009');
    expect((await apply('2026-03-03 early bert A009', '2026-03-03 night anna A001')).status).toBe('activated');
    await apply('2026-03-05 night cora A008');
    expect((await apply('2026-03-06 early cora A008')).status).toBe('activated');
    expect(
      (await apply('2026-03-04 evening cora A008', '2026-03-04 night bert A008')).errors.map(({ line }) => line),
    ).toEqual([3]);
  });

  it('[SH3] replaces what of its days nobody has come for and is not over, and no other day', async () => {
    await apply('2026-03-02 day anna A001', '2026-03-02 noon bert A002', '2026-03-03 day bert A002');
    await comesFor('anna');
    expect((await apply('2026-03-02 noon cora A002')).status).toBe('activated');
    expect(await stored()).toEqual([
      '2026-03-02 day anna A001',
      '2026-03-02 noon cora A002',
      '2026-03-03 day bert A002',
    ]);
    expect((await told()).at(-1)).toEqual({ days: 1, shifts: 1, added: 1, changed: 0, removed: 1 });

    expect((await apply('2026-03-02 day anna A003')).errors).toEqual([
      { line: 2, column: 'seatId', reason: '这一班已有人上岗或已结束，不能更改' },
    ]);
    expect((await apply('2026-03-02 late bert A001')).errors).toEqual([
      { line: 2, column: 'seatId', reason: '这个坐席与已排的 2026-03-02 day 班的时间重叠' },
    ]);
    expect(await stored()).toHaveLength(3);
  });

  it('[SH3] looks at the seats themselves: who has sat down a moment ago is there', async () => {
    await apply('2026-03-02 day anna A001');
    const [shift] = await kit.readModel.run((tx) => roster.ofUser(tx, 'anna', kit.clock.now(), 1));
    const signedOn = { presence: 'ready', signedOnAt: kit.clock.now(), shiftId: shift!.shiftId } as const;
    await kit.unitOfWork.run((tx) =>
      seatStore.add(tx, { ...newSeat('A001', 'anna', ['register'], kit.clock.now()), ...signedOn }),
    );
    expect((await apply('2026-03-02 noon bert A002')).status).toBe('activated');
    expect(await stored()).toEqual(['2026-03-02 day anna A001', '2026-03-02 noon bert A002']);
  });

  it('[SH3] moves a shift of the days ahead to another seat', async () => {
    await apply('2026-03-03 day anna A001', '2026-03-03 day bert A002');
    expect((await apply('2026-03-03 day anna A002', '2026-03-03 day bert A001')).status).toBe('activated');
    expect(await stored()).toEqual(['2026-03-03 day anna A002', '2026-03-03 day bert A001']);
    expect((await told()).at(-1)).toEqual({ days: 1, shifts: 2, added: 0, changed: 2, removed: 0 });
  });

  it('[SH2] is for shift leaders and policy administrators', async () => {
    const agent = await kit.addUser('agent', { roles: ['agent', 'list_admin'] });
    await expect(importer.apply(agent, rowsOf('2026-03-03 day anna A001'))).rejects.toThrow(HubException);
    const admin = await kit.addUser('admin', { roles: ['policy_admin'] });
    expect((await importer.apply(admin, rowsOf('2026-03-03 day anna A001'))).status).toBe('activated');
  });

  it('[SH2] shows nothing of a file that was given up while it was written, and the next one clears it away', async () => {
    await apply('2026-03-03 day anna A001');
    const drafts = new RosterDrafts(kit.unitOfWork, roster);
    const [shift] = await kit.readModel.run((tx) => roster.ofUser(tx, 'anna', kit.clock.now(), 1));
    await drafts.begin('11111111-1111-4111-8111-111111111111', ['2026-03-04']);
    const ahead = { ...shift!, shiftId: 'ahead', day: '2026-03-04', userId: 'bert' };
    expect(await drafts.add('11111111-1111-4111-8111-111111111111', [ahead])).toBe(true);
    expect(await stored()).toEqual(['2026-03-03 day anna A001']);
    expect(await kit.readModel.run((tx) => roster.get(tx, 'ahead'))).toBeUndefined();

    expect((await apply('2026-03-04 day bert A001')).status).toBe('activated');
    expect(await stored()).toEqual(['2026-03-03 day anna A001', '2026-03-04 day bert A001']);
    const left = (table: string) => kit.readModel.run((tx) => tx.all(`SELECT * FROM ${table}`));
    expect(await left('roster_shift')).toHaveLength(2);
    expect(await left('roster_import')).toEqual([]);
    // Whoever went on writing all the same writes nothing, and puts nothing in force.
    expect(await drafts.add('11111111-1111-4111-8111-111111111111', [ahead])).toBe(false);
    const late = kit.unitOfWork.run((tx) => drafts.putInForce(tx, '11111111-1111-4111-8111-111111111111'));
    expect(await late).toBe(false);
  });

  it('[SH3] looks again when somebody signs on for what it is about to take out', async () => {
    await apply('2026-03-02 day anna A001', '2026-03-03 day anna A001');
    const drafts = new RosterDrafts(kit.unitOfWork, roster);
    let comes = async () => {
      comes = () => Promise.resolve();
      await comesFor('anna');
    };
    const add = drafts.add.bind(drafts);
    drafts.add = async (...about) => {
      await comes();
      return add(...about);
    };
    const slow = new RosterImporter(
      new ShiftPlan(kit.settings),
      roster,
      drafts,
      kit.people,
      new SeatLedger(seatStore, ...([] as unknown as [never, never, never, never])),
      kit.eventLog,
      kit.unitOfWork,
      kit.readModel,
      kit.clock,
      kit.policy,
    );
    const report = await slow.apply(leader, rowsOf('2026-03-02 noon bert A002', '2026-03-03 day cora A001'));
    expect(report.status).toBe('activated');
    expect(await stored()).toEqual([
      '2026-03-02 day anna A001',
      '2026-03-02 noon bert A002',
      '2026-03-03 day cora A001',
    ]);
    expect(await told()).toHaveLength(2);
  });

  it('[SH2] takes in two weeks of 1,050 people at 700 seats, and lets commands in between', async () => {
    const codes = ['early', 'late', 'night'];
    await kit.unitOfWork.run(async (tx) => {
      for (let n = 0; n < 1_050; n++) {
        const account = { name: `坐席${n}`, unitId: null, seatId: null, active: true, demo: false };
        await kit.accounts.add(tx, { ...account, userId: `p${n}`, roles: ['agent'] }, '');
      }
    });
    const lines: string[] = [];
    for (let day = 0; day < 14; day++) {
      const date = `2026-03-${String(3 + day).padStart(2, '0')}`;
      for (let n = 0; n < 1_050; n++) lines.push(`${date} ${codes[n % 3]} p${n} A${Math.floor(n / 3)}`);
    }
    let between = 0;
    let running = true;
    const others = (async () => {
      for (; running; between++) await kit.unitOfWork.run((tx) => tx.all('SELECT COUNT(*) FROM roster_import'));
    })();
    expect(await apply(...lines)).toMatchObject({ status: 'activated', rows: 14_700, errors: [] });
    running = false;
    await others;
    // In one transaction it would be two or three.
    expect(between).toBeGreaterThan(20);
    expect(await stored()).toHaveLength(14_700);
    expect((await apply(...lines)).status).toBe('unchanged');
  });
});
