import type {
  CommandName,
  CommandPayload,
  StubWhistleCard,
  WhistleCard,
  WhistleDetail,
  WhistleMessages,
  WhistlePage,
  TrailEntry,
} from '@minqing-hub/client-sdk/protocol';
import type { RoomHandle } from '@minqing-hub/client-sdk';
import { ClockedTown } from '../support/clocked-town.js';
import { expectSameAsFresh, newId, openConsole } from '../support/consoles.js';
import { until } from '../support/until.js';

const chinaTime = (text: string) => Date.parse(`${text}+08:00`);
const HOUR = 3_600_000;
/** A Monday; by the State Council's notice the Friday of this week is free. */
const MONDAY = chinaTime('2026-09-21T10:00:00');
const later = (hours: number) => new Date(MONDAY + hours * HOUR).toISOString();

const BLOW: CommandPayload<'blowWhistle'> = {
  type: 'key_problem',
  basisCode: 'beyond_powers',
  basis: '涉及住建、规划两家职权，街道无权处理',
  unitIds: ['works', 'planning'],
  leadUnitId: 'works',
};
const OFFICER = 'street-street-a';

const whistleIn = (room: RoomHandle, no: string) => room.cards.get(`whistle:${no}`) as WhistleCard | undefined;

describe('a whistle, through the hub', () => {
  let town: ClockedTown;
  beforeEach(async () => {
    town = await ClockedTown.at(MONDAY);
    await town.logIn(OFFICER, 'unit-planning', 'deputy-planning', 'arbiter01', 'district01', 'street-street-b');
  });
  afterEach(async () => {
    expect(await town.disagreements()).toEqual([]);
    await town.close();
  });

  const detail = async (no: string, as = 'dispatcher01') =>
    (await town.by(as).get(`/api/whistles/${no}`)).body as WhistleDetail;
  const trail = async (no: string) =>
    (await town.by('dispatcher01').get(`/api/whistles/${no}/trail`)).body as TrailEntry[];

  async function blown(more: object = {}): Promise<{ no: string; orderNo: string }> {
    const orderNo = await town.contacted();
    const { whistleNo } = await town.by(OFFICER).act('blowWhistle', { ...BLOW, orderNos: [orderNo], ...more });
    return { no: whistleNo, orderNo };
  }
  const act = async (who: string, name: CommandName, no: string, more: object = {}): Promise<void> => {
    const { version } = await detail(no);
    await town.by(who).act(name, { whistleNo: no, expectedVersion: version, ...more });
  };
  const refused = async (who: string, name: CommandName, no: string, more: object = {}) => {
    const { version } = await detail(no);
    return town.by(who).refusedTo(name, { whistleNo: no, expectedVersion: version, ...more });
  };
  const duties = (hours = 30) => [
    { unitId: 'works', duty: '补办手续', dueAt: later(hours) },
    { unitId: 'planning', duty: '核查规划', dueAt: later(hours) },
  ];
  async function convened(): Promise<string> {
    const { no } = await blown();
    await act('unit-works', 'reportIn', no, { mode: 'on_site' });
    await act('unit-planning', 'reportIn', no, { mode: 'online' });
    await act('unit-works', 'convene', no, { minutes: '会商纪要', duties: duties() });
    return no;
  }

  it('[W1] [W3] [W5] [W6] [W9] [W12] goes from the street to its release, at every console that may see it', async () => {
    const [works, planning, supervision] = [
      await town.room('unit-works', 'unit:works'),
      await town.room('unit-planning', 'unit:planning'),
      await town.room('supervisor01', 'supervision:city'),
    ];
    const { no, orderNo } = await blown();
    const room = await town.room(OFFICER, `whistle:${no}`);
    const order = await town.room('unit-works', `order:${orderNo}`);
    await until('both units to hear it', () => whistleIn(works, no) && whistleIn(planning, no));
    expect(whistleIn(order, no)).toMatchObject({ stage: 'blown', leadUnitId: 'works', orderNos: [orderNo] });
    expect(whistleIn(supervision, no)).toBeUndefined();
    expect(whistleIn(works, no)!.clocks.map(({ clock, dueAt }) => [clock, dueAt])).toEqual([
      ['REPORT_IN', MONDAY + 4 * HOUR],
      ['REPORT_IN', MONDAY + 4 * HOUR],
      ['MEETING', MONDAY + 24 * HOUR],
    ]);

    await act('handler-works', 'reportIn', no, { mode: 'on_site' });
    const early = await refused('unit-works', 'convene', no, { minutes: '会商纪要', duties: duties() });
    expect(early).toMatchObject({ code: 'transition_not_allowed', clause: 'W6' });
    await town.moveTo(MONDAY + 4 * HOUR);
    await until(
      'supervision to see who did not come',
      () => whistleIn(supervision, no)?.participants[1]?.stage === 'absent',
    );
    expect(whistleIn(supervision, no)!.participants).toMatchObject([
      { unitId: 'works', stage: 'reported_in', mode: 'on_site', missedAt: null },
      { unitId: 'planning', stage: 'absent', missedAt: MONDAY + 4 * HOUR },
    ]);
    await town.moveTo(MONDAY + 5 * HOUR);
    await act('unit-planning', 'reportIn', no, { mode: 'online' });
    await act('unit-works', 'convene', no, { minutes: '会商纪要', duties: duties() });
    await until('the plan to be seen', () => whistleIn(planning, no)?.stage === 'convened');

    for (const [who, taskId] of [
      ['handler-works', 'T1'],
      ['unit-planning', 'T2'],
    ] as const) {
      await act(who, 'startWork', no, { taskId });
      await act(who, 'reportTask', no, { taskId, text: '正在办理' });
      await act(who, 'taskDone', no, { taskId, evidence: '批复文号' });
    }
    await act('unit-works', 'submitForAcceptance', no);
    await act(OFFICER, 'rejectAcceptance', no, { tasks: [{ taskId: 'T2', reason: '材料不全' }] });
    await act('unit-planning', 'taskDone', no, { taskId: 'T2', evidence: '补充材料' });
    await act('unit-works', 'submitForAcceptance', no);
    const mark = { promptness: 3, effort: 4, effect: 5 };
    const ratings = ['works', 'planning'].map((unitId) => ({ unitId, ...mark }));
    await act(OFFICER, 'acceptResult', no, { ratings });
    await act('unit-planning', 'rateBlower', no, { quality: 4 });

    await until('it to leave the units', () => !whistleIn(works, no) && !whistleIn(planning, no));
    await until('its room to see the end', () => whistleIn(room, no)?.stage === 'released');
    const told = await detail(no, 'unit-planning');
    expect(told).toMatchObject({
      stage: 'released',
      participants: [
        { stage: 'rated', rating: mark },
        { stage: 'rated', rating: mark, missedAt: MONDAY + 4 * HOUR },
      ],
      tasks: [{ stage: 'done' }, { stage: 'done', sentBack: 1 }],
      orders: [{ orderNo, title: '路面破损', text: '路面破损一处' }],
    });
    expect(told.clocks.map(({ clock, state, signal }) => [clock, state, signal])).toEqual([
      ['REPORT_IN', 'met', 'overdue'],
    ]);
    expect(told.notes.map(({ type }) => type)).toEqual(
      'basis minutes duty duty progress evidence progress evidence rejection evidence'.split(' '),
    );
    const types = (await trail(no)).filter(({ type }) => type.startsWith('whistle.'));
    expect(types.find(({ type }) => type === 'whistle.report_in_missed')).toMatchObject({
      actor: 'system',
      data: { whistleNo: no, unitId: 'planning', points: 1 },
    });
    expect(types.filter(({ type }) => type === 'whistle.reported_in').at(-1)!.data).toMatchObject({ lateMs: HOUR });
    await expectSameAsFresh(town.hub.url, 'unit-works', works, 'unit:works');
    await expectSameAsFresh(town.hub.url, OFFICER, room, `whistle:${no}`);
    await expectSameAsFresh(town.hub.url, 'unit-works', order, `order:${orderNo}`);
    await expectSameAsFresh(town.hub.url, 'supervisor01', supervision, 'supervision:city');
  });

  it('[W1] [W3] [W6] [W15] [C8] refuses what the rule book does not allow, and changes nothing', async () => {
    const orderNo = await town.contacted();
    const blow = (who: string, more: object) =>
      town.by(who).refusedTo('blowWhistle', { ...BLOW, orderNos: [orderNo], ...more });
    expect(await blow(OFFICER, { unitIds: [] })).toMatchObject({ code: 'minimum_fields_missing', field: 'unitIds' });
    expect(await blow(OFFICER, { unitIds: ['works', 'nowhere'] })).toMatchObject({
      code: 'unit_unknown',
      clause: 'W1',
    });
    expect(await blow('street-street-b', {})).toMatchObject({ code: 'order_not_found', field: 'orderNos' });
    expect(await blow('dispatcher01', {})).toMatchObject({ code: 'forbidden', clause: 'W1' });
    expect(await blow('unit-works', {})).toMatchObject({ code: 'forbidden' });
    expect(await blow(OFFICER, { basis: ' ' })).toMatchObject({ code: 'payload_invalid', field: 'basis' });

    const { no } = await blown();
    expect(await refused('unit-planning', 'reportIn', no, { unitId: 'works', mode: 'online' })).toMatchObject({
      code: 'not_own_unit',
      clause: 'W3',
    });
    await act('unit-works', 'reportIn', no, { mode: 'on_site' });
    await act('unit-planning', 'reportIn', no, { mode: 'online' });
    const before = await detail(no);
    const plan = { minutes: '会商纪要' };
    expect(await refused('unit-works', 'convene', no, { ...plan, duties: [] })).toMatchObject({
      code: 'minimum_fields_missing',
      field: 'duties',
    });
    expect(await refused('unit-works', 'convene', no, { ...plan, duties: duties(24 * 30) })).toMatchObject({
      code: 'transition_not_allowed',
      clause: 'C8',
      field: 'duties.0.dueAt',
    });
    expect(await refused('unit-planning', 'convene', no, { ...plan, duties: duties() })).toMatchObject({
      code: 'not_own_unit',
    });
    expect(await detail(no)).toEqual(before);
    await act('unit-works', 'convene', no, { ...plan, duties: duties() });
    expect(await refused(OFFICER, 'withdrawWhistle', no, { reason: '不需要了' })).toMatchObject({
      code: 'transition_not_allowed',
    });
  });

  it('[W11] [W12] takes one word of two that judge at once', async () => {
    const no = await convened();
    for (const [who, taskId] of [
      ['unit-works', 'T1'],
      ['unit-planning', 'T2'],
    ] as const) {
      await act(who, 'startWork', no, { taskId });
      await act(who, 'taskDone', no, { taskId, evidence: '照片' });
    }
    await act('unit-works', 'submitForAcceptance', no);
    const on = { whistleNo: no, expectedVersion: (await detail(no)).version };
    const mark = { promptness: 5, effort: 5, effect: 5 };
    const issue = (name: CommandName, payload: object) =>
      town.by(OFFICER).post('/api/commands', { name, commandId: newId(), payload });
    const answers = await Promise.all([
      issue('acceptResult', { ...on, ratings: ['works', 'planning'].map((unitId) => ({ unitId, ...mark })) }),
      issue('rejectAcceptance', { ...on, tasks: [{ taskId: 'T1', reason: '没有办好' }] }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'version_conflict' });
    expect(['released', 'executing']).toContain((await detail(no)).stage);
  });

  it('[I6] [W4] is there for those who take part and for the offices, and for nobody else', async () => {
    const { no } = await blown();
    for (const who of ['agent001', 'street-street-b', 'unit-district']) {
      expect((await town.by(who).get(`/api/whistles/${no}`)).body).toMatchObject({ code: 'whistle_not_found' });
      expect(((await town.by(who).get('/api/whistles')).body as unknown as WhistlePage).items).toEqual([]);
      const console = await openConsole(town.hub.url, who);
      await expect(console.room(`whistle:${no}`).ready()).rejects.toMatchObject({ code: 'forbidden' });
      console.close();
    }
    for (const who of [OFFICER, 'handler-works', 'unit-works-roads', 'district01', 'supervisor01']) {
      expect(((await town.by(who).get('/api/whistles')).body as unknown as WhistlePage).items).toMatchObject([
        { whistleNo: no },
      ]);
    }
    const room = await town.room('unit-planning', `whistle:${no}`);
    await act('unit-planning', 'refuseReport', no, { reasonCode: 'out_of_scope', basis: '不涉及规划许可' });
    await act('deputy-planning', 'confirmReportRefusal', no);
    await act('arbiter01', 'ruleOnReportRefusal', no, { unitId: 'planning', ruling: 'upheld', reason: '确不涉及' });
    await until('the room to be closed to who was let go', () => room.state === 'revoked');
    expect((await town.by('unit-planning').get(`/api/whistles/${no}`)).status).toBe(404);
    expect((await detail(no)).participants[1]).toMatchObject({ stage: 'excused', refusal: 'upheld' });
  });

  it('[WR1] [WR2] [WR3] has a room in which those who take part talk, and see who has read it', async () => {
    const { no } = await blown();
    const room = await town.room('unit-planning', `whistle:${no}`);
    const told: [string, unknown][] = [];
    room.onEvent(({ type, actor, data }) => void told.push([`${type} ${actor}`, data.messageNo ?? data.upTo]));
    const say = (who: string, text: string, mentions?: string[]) =>
      town.by(who).act('sayInRoom', { whistleNo: no, text, ...(mentions && { mentions }) });
    expect(await say('unit-works', '周三上午九点现场会商', ['unit-planning'])).toEqual({ whistleNo: no, messageNo: 1 });
    expect(await say(OFFICER, '收到，现场有人接')).toMatchObject({ messageNo: 2 });
    await until('both to be told', () => told.length === 2);
    await town.by('unit-planning').act('readMessages', { whistleNo: no, upTo: 99 });
    await town.by('unit-planning').act('readMessages', { whistleNo: no, upTo: 1 });
    await until('who has read it to be told', () => told.length === 3);
    expect(told).toEqual([
      ['whistle.message_posted unit-works', 1],
      [`whistle.message_posted ${OFFICER}`, 2],
      ['whistle.messages_read unit-planning', 2],
    ]);
    const page = async (who: string, query = '') =>
      (await town.by(who).get(`/api/whistles/${no}/messages${query}`)).body as unknown as WhistleMessages;
    expect(await page('supervisor01')).toEqual({
      items: [
        { messageNo: 2, at: MONDAY, actor: OFFICER, text: '收到，现场有人接', mentions: [] },
        { messageNo: 1, at: MONDAY, actor: 'unit-works', text: '周三上午九点现场会商', mentions: ['unit-planning'] },
      ],
      next: null,
      readers: [
        { userId: OFFICER, upTo: 2, at: MONDAY },
        { userId: 'unit-planning', upTo: 2, at: MONDAY },
        { userId: 'unit-works', upTo: 1, at: MONDAY },
      ],
    });
    expect(await page('supervisor01', '?limit=1')).toMatchObject({ items: [{ messageNo: 2 }], next: 2 });
    expect(await page('supervisor01', '?limit=1&before=2')).toMatchObject({ items: [{ messageNo: 1 }], next: null });
    expect(await page('supervisor01', '?before=x')).toMatchObject({ code: 'payload_invalid', field: 'before' });

    const not = (who: string, more: object = {}) =>
      town.by(who).refusedTo('sayInRoom', { whistleNo: no, text: '在吗', ...more });
    expect(await not('supervisor01')).toMatchObject({ code: 'forbidden', clause: 'WR1' });
    expect(await not('street-street-b')).toMatchObject({ code: 'whistle_not_found' });
    expect(await not('unit-works', { mentions: ['unit-planning', 'agent001'] })).toMatchObject({
      code: 'user_unknown',
      field: 'mentions.1',
    });
    await act('deputy-planning', 'refuseReport', no, { reasonCode: 'out_of_scope', basis: '不涉及规划许可' });
    await act('arbiter01', 'ruleOnReportRefusal', no, { unitId: 'planning', ruling: 'upheld', reason: '确不涉及' });
    // A room just left.
    expect(await not('unit-planning')).toMatchObject({ code: 'whistle_not_found' });
    expect((await page('unit-planning')) as object).toMatchObject({ code: 'whistle_not_found' });
    await act(OFFICER, 'withdrawWhistle', no, { reason: '另行处理' });
    expect(await not('unit-works')).toMatchObject({ code: 'transition_not_allowed', clause: 'WR1' });
    expect((await page('unit-works')).items).toHaveLength(2);
  });

  it('[DG4] of one for a confidential order shared rooms see a stub', async () => {
    const works = await town.room('unit-works', 'unit:works');
    const orderNo = await town.contacted({ visibility: 'confidential' });
    // Nobody learns of it by territory: the unit that leads it asks the desk.
    expect(await town.by(OFFICER).refusedTo('blowWhistle', { ...BLOW, orderNos: [orderNo] })).toMatchObject({
      code: 'order_not_found',
    });
    const { whistleNo } = await town
      .by('dispatcher01')
      .act('blowWhistle', { ...BLOW, type: 'emergency', orderNos: [orderNo] });
    const no = whistleNo;
    await until('the unit to hear it', () => whistleIn(works, no) !== undefined);
    const stub = whistleIn(works, no) as unknown as StubWhistleCard;
    expect(Object.keys(stub).sort()).toEqual(
      'blownAt clocks endedAt stage type version visibility whistleNo'.split(' '),
    );
    expect(stub.clocks.every(({ unitId }) => unitId === null)).toBe(true);
    expect((await detail(no, 'unit-planning')).orders).toEqual([
      expect.objectContaining({ orderNo, title: null, text: null, address: null }),
    ]);
    expect((await town.by('district01').get(`/api/whistles/${no}`)).status).toBe(404);
  });

  it('[W7] [W13] [W14] [CO8] goes higher by itself when nobody meets, and becomes a task force with a leader', async () => {
    const supervision = await town.room('supervisor01', 'supervision:city');
    const { no } = await blown();
    await act('unit-works', 'reportIn', no, { mode: 'on_site' });
    await act('unit-planning', 'reportIn', no, { mode: 'on_site' });
    await town.moveTo(MONDAY + 24 * HOUR);
    await until(
      'supervision to see that nobody met',
      () => typeof whistleIn(supervision, no)?.meetingMissedAt === 'number',
    );
    expect((await detail(no)).stage).toBe('blown');
    // The end of the first workday after it.
    await town.moveTo(chinaTime('2026-09-24T00:00:00'));
    await until('it to go higher', async () => (await detail(no)).stage === 'escalated');
    expect(await detail(no)).toMatchObject({ escalatedTo: 'joint_meeting', meetingMissedAt: null });
    expect((await trail(no)).findLast(({ type }) => type === 'whistle.escalated')).toMatchObject({ actor: 'system' });

    const dueAt = new Date(town.clock.now() + HOUR).toISOString();
    const plan = { minutes: '联席会议纪要', duties: duties().map((duty) => ({ ...duty, dueAt })) };
    expect(await refused('unit-works', 'convene', no, plan)).toMatchObject({ code: 'transition_not_allowed' });
    await act('district01', 'convene', no, plan);
    expect((await detail(no)).stage).toBe('convened');
    await act(OFFICER, 'escalateWhistle', no, { to: 'task_force', reason: '需要区级统筹' });
    expect(await refused('district01', 'convene', no, plan)).toMatchObject({ clause: 'W14', field: 'leaderId' });
    await act('district01', 'convene', no, { ...plan, leaderId: 'district01' });
    expect(await detail(no)).toMatchObject({
      leadUnitId: null,
      taskForceLeaderId: 'district01',
      tasks: [{ stage: 'waived' }, { stage: 'waived' }, { stage: 'open' }, { stage: 'open' }],
    });
    await act('district01', 'waiveTask', no, { taskId: 'T3', reason: '已由规划局合并办理' });
  });
});
