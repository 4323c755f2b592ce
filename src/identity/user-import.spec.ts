import { HubException } from '../commands/hub-exception.js';
import { type IdentityKit, openIdentityKit, PASSWORD } from '../../test/support/identity-kit.js';
import type { Actor } from './actor.js';
import type { RawUserRow } from './user-import.js';

const UNITS = 'unitId,name,type,level,parentId\nQ,区政府,government,district,\nJ,街道办,street,street,Q\n';
const GOOD = 'first password 1';

/** As a CSV file gives them: line 1 is the header. */
const rowsOf = (...rows: Record<string, string>[]): RawUserRow[] =>
  rows.map((cells, i) => ({ line: i + 2, cells, faults: [] }));

describe('import of users', () => {
  let kit: IdentityKit;
  let admin: Actor;
  beforeEach(async () => {
    kit = await openIdentityKit();
    await kit.csv('units', UNITS);
    admin = await kit.addUser('admin', { roles: ['policy_admin'] });
    await kit.addUser('clerk', { name: '联络员', roles: ['unit_clerk'], unitId: 'J' });
  });
  afterEach(() => kit.close());

  const apply = (...rows: Record<string, string>[]) => kit.importer.apply(admin, rowsOf(...rows));
  const newcomer = (more: Record<string, string> = {}) => ({
    username: 'new1',
    name: '办理人',
    roles: 'handler;grid_worker',
    unitId: 'J',
    password: GOOD,
    ...more,
  });

  it('adds who is new and lets them in', async () => {
    expect(await apply(newcomer({ seatId: 'H1' }))).toEqual({
      list: 'users',
      version: null,
      status: 'activated',
      rows: 1,
      errors: [],
    });
    expect(await kit.account('new1')).toEqual({
      userId: 'new1',
      name: '办理人',
      roles: ['handler', 'grid_worker'],
      unitId: 'J',
      seatId: 'H1',
      active: true,
      demo: false,
      rightsVersion: 1,
    });
    expect((await kit.logins.login('new1', GOOD, '::1')).actor.userId).toBe('new1');
  });

  it('[ID3] tells which rights a new user came with', async () => {
    await apply(newcomer({ seatId: 'H1' }));
    expect(await kit.events()).toMatchObject([
      {
        subject: 'user:new1',
        type: 'identity.rights_changed',
        actorId: 'admin',
        version: 1,
        data: { userId: 'new1', roles: ['handler', 'grid_worker'], unitId: 'J', seatId: 'H1', active: true },
      },
    ]);
  });

  it('[ID3] tells of changed rights of those who were there, and of nothing else', async () => {
    await apply({ username: 'clerk', name: '新名字', roles: 'unit_clerk', unitId: 'Q' });
    expect(await kit.account('clerk')).toMatchObject({ name: '新名字', unitId: 'Q', rightsVersion: 2 });
    expect(await kit.events()).toMatchObject([
      { subject: 'user:clerk', type: 'identity.rights_changed', actorId: 'admin' },
    ]);
    expect((await kit.logins.login('clerk', PASSWORD, '::1')).actor.unitId).toBe('Q');
  });

  it('leaves columns that are not there as they were; an empty unit is none', async () => {
    await apply({ username: 'clerk', active: '否' });
    expect(await kit.account('clerk')).toMatchObject({
      name: '联络员',
      roles: ['unit_clerk'],
      unitId: 'J',
      active: false,
    });
    await apply({ username: 'clerk', unitId: '', roles: '', active: '' });
    expect(await kit.account('clerk')).toMatchObject({ roles: ['unit_clerk'], unitId: null, active: false });
  });

  it('changes nothing the second time', async () => {
    const rows = [newcomer(), { username: 'clerk', roles: 'handler', password: GOOD }];
    expect((await apply(...rows)).status).toBe('activated');
    const token = (await kit.logins.login('new1', GOOD, '::1')).token;
    expect((await apply(...rows)).status).toBe('unchanged');
    expect(await kit.authentication.byToken(token)).toBeDefined();
    expect((await kit.events()).map(({ subject, type }) => `${subject} ${type}`)).toEqual([
      'user:new1 identity.rights_changed',
      'user:clerk identity.password_changed',
      'user:clerk identity.rights_changed',
    ]);
  });

  it('[ID4] ends the tokens of who gets another password, and tells their consoles', async () => {
    const { token } = await kit.logins.login('clerk', PASSWORD, '::1');
    await apply({ username: 'clerk', password: GOOD });
    expect(await kit.events()).toMatchObject([
      { type: 'identity.password_changed', actorId: 'admin', data: { userId: 'clerk' } },
    ]);
    expect(await kit.authentication.byToken(token)).toBeUndefined();
    expect((await kit.logins.login('clerk', GOOD, '::1')).actor.userId).toBe('clerk');
  });

  it('hashes a password that many share once', async () => {
    await apply(...Array.from({ length: 20 }, (_, n) => newcomer({ username: `new${n}` })));
    const hashes = await kit.readModel.run((tx) =>
      tx.all(`SELECT DISTINCT password_hash FROM user_account WHERE user_id LIKE 'new%'`),
    );
    expect(hashes).toHaveLength(1);
  });

  it('reports every bad row and takes none', async () => {
    await kit.addUser('seated', { seatId: 'S1' });
    const report = await apply(
      newcomer(),
      newcomer(),
      { username: 'bad name!', name: 'x', roles: 'handler', password: GOOD },
      newcomer({ username: 'n4', roles: 'king' }),
      newcomer({ username: 'n5', unitId: 'X' }),
      newcomer({ username: 'n6', seatId: 'S1' }),
      newcomer({ username: 'n7', password: 'demo' }),
      { username: 'n8' },
      newcomer({ username: 'n9', active: 'maybe' }),
      newcomer({ username: 'system' }),
    );
    expect(report).toMatchObject({ status: 'refused', version: null, rows: 10 });
    expect(report.errors.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '3 username',
      '4 username',
      '5 roles',
      '5 roles',
      '6 unitId',
      '7 seatId',
      '8 password',
      '9 name',
      '9 roles',
      '9 password',
      '10 active',
      '11 username',
    ]);
    for (const { reason } of report.errors) expect(reason).toMatch(/^[^a-z]*$/);
    expect(await kit.account('new1')).toBeUndefined();
  });

  it('passes on what the reading of the file found', async () => {
    const broken: RawUserRow = { line: 7, cells: null, faults: [{ column: '*', reason: '引号没有成对' }] };
    expect(await kit.importer.apply(admin, [broken])).toMatchObject({
      status: 'refused',
      errors: [{ line: 7, column: '*', reason: '引号没有成对' }],
    });
  });

  it('[ID5] lets two swap their seats, and two have none of the same', async () => {
    await kit.addUser('a', { seatId: 'S1' });
    await kit.addUser('b', { seatId: 'S2' });
    expect((await apply({ username: 'a', seatId: 'S2' }, { username: 'b', seatId: 'S1' })).status).toBe('activated');
    expect((await apply({ username: 'a', seatId: 'S9' }, { username: 'b', seatId: 'S9' })).errors).toMatchObject([
      { line: 3, column: 'seatId' },
    ]);
  });

  it('[ID5] leaves an active policy_admin', async () => {
    const gone = { username: 'admin', roles: 'agent' };
    expect((await apply(gone)).errors).toEqual([{ line: 2, column: 'roles', reason: '至少要留下一位有效的管理员' }]);
    expect((await apply(gone, newcomer({ roles: 'policy_admin' }))).status).toBe('activated');
  });

  it('[ID5] is for a policy_admin: who keeps the lists cannot make themselves one', async () => {
    const keeper = await kit.addUser('keeper', { roles: ['list_admin'] });
    const outcome = await kit.importer.apply(keeper, rowsOf(newcomer())).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(HubException);
    expect((outcome as HubException).error.code).toBe('forbidden');
  });

  it('[RT2] says what people can; a column that is not there leaves it, an empty cell is nothing', async () => {
    await apply(newcomer({ skills: 'field:01=4； dialect:kejia = 3' }), { username: 'clerk', skills: 'emergency=5' });
    const can = (userId: string) => kit.readModel.run((tx) => kit.skills.of(tx, userId));
    const learnt = [
      { skill: 'dialect:kejia', level: 3 },
      { skill: 'field:01', level: 4 },
    ];
    expect(await can('new1')).toEqual(learnt);
    expect(await can('clerk')).toEqual([{ skill: 'emergency', level: 5 }]);
    expect((await kit.events()).filter(({ type }) => type === 'seat.skills_changed')).toMatchObject([
      { subject: 'user:new1', type: 'seat.skills_changed', actorId: 'admin', data: { userId: 'new1', skills: learnt } },
      { subject: 'user:clerk', type: 'seat.skills_changed', data: { seatId: null } },
    ]);
    expect(await apply({ username: 'new1', skills: 'dialect:kejia=3;field:01=4' })).toMatchObject({
      status: 'unchanged',
    });
    await apply({ username: 'new1', name: '改名' });
    expect(await can('new1')).toEqual(learnt);
    expect(await apply({ username: 'new1', skills: '' })).toMatchObject({ status: 'activated' });
    expect(await can('new1')).toEqual([]);
  });

  it('[RT2] refuses skills that the plan does not name, twice or of no level, with every line', async () => {
    const wrong = ['dialect:klingon=3', 'emergency', 'emergency=6', 'emergency=1;emergency=2', 'emergency=2.5'];
    const report = await apply(...wrong.map((skills, i) => newcomer({ username: `n${i}`, skills })));
    const form = '应写作 技能=等级，等级为 1 到 5，多项用分号隔开，技能不重复';
    expect(report).toMatchObject({
      status: 'refused',
      errors: [
        { line: 2, column: 'skills', reason: '没有这个技能（config/skills.json）' },
        ...[3, 4, 5, 6].map((line) => ({ line, column: 'skills', reason: form })),
      ],
    });
    expect(await kit.account('n0')).toBeUndefined();
  });

  it('[ID8] takes no list so long that everybody would wait for it, and says where to cut it', async () => {
    const most = kit.policy.number('users.maxRows');
    const rows = Array.from({ length: most + 1 }, (_, n) => newcomer({ username: `new${n}` }));
    expect(await apply(...rows)).toMatchObject({
      status: 'refused',
      errors: [{ line: most + 2, reason: expect.stringContaining(String(most)) }],
    });
    expect((await apply(...rows.slice(0, most))).status).toBe('activated');
  });
});
