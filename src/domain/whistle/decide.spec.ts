import {
  arbiter,
  clerk,
  deputy,
  dispatcher,
  handler,
  person,
  START,
  supervisor,
  system,
} from '../../../test/support/rule-book.js';
import {
  type Act,
  blow,
  convening,
  MEETING_MS,
  officer,
  ORDER,
  rated,
  REPORT_IN_MS,
  WHISTLE_POLICY,
  WhistleCase,
} from '../../../test/support/whistle-rules.js';
import { holdsUpSubmission } from './whistle.js';

const districtLeader = person('district_leader');
const reportIn: Act = { name: 'reportIn', mode: 'on_site' };
const refuseReport: Act = { name: 'refuseReport', reasonCode: 'not_our_duty', basis: '不在职责清单内' };
const escalate: Act = { name: 'escalateWhistle', to: 'joint_meeting', reason: '涉及跨区事项' };

describe('blowing a whistle', () => {
  const blowBy = (actor = officer, more: Parameters<typeof blow>[0] = {}, given = {}) =>
    new WhistleCase(given).try(actor, blow(more));

  it('[W1] calls units for an order that the street has, and says why it cannot do it alone', () => {
    expect(WhistleCase.blown().parts).toEqual({ housing: 'summoned', water: 'summoned' });
    expect(WhistleCase.blown().stands).toMatchObject({ blowerUnitId: 'street', leadUnitId: 'housing', meetings: 1 });
    expect(blowBy(officer, { orderNos: [], finding: '巡查发现占道经营' })).toBeUndefined();
  });

  it.each([
    ['nothing to whistle for', { orderNos: [] }, 'minimum_fields_missing', 'orderNos'],
    ['an order that is not theirs', { orderNos: ['GD9'] }, 'order_not_found', 'orderNos'],
    ['no basis', { basis: ' ' }, 'minimum_fields_missing', 'basis'],
    ['no unit', { unitIds: [], leadUnitId: null }, 'minimum_fields_missing', 'unitIds'],
    ['a unit that is not', { unitIds: ['nobody'], leadUnitId: null }, 'unit_unknown', 'unitIds'],
    ['a unit that was closed', { unitIds: ['abolished'], leadUnitId: null }, 'unit_closed', 'unitIds'],
    ['the street itself', { unitIds: ['street'], leadUnitId: null }, 'same_unit', 'unitIds'],
    ['a unit twice', { unitIds: ['water', 'water'], leadUnitId: null }, 'payload_invalid', 'unitIds'],
  ])('[W1] is refused with %s', (_what, more, code, field) => {
    expect(blowBy(officer, more)).toMatchObject({ code, field, clause: 'W1' });
  });

  it('[W1] is for streets, for communities where the city says so, and for the desk in an emergency alone', () => {
    const community = person('village_worker', 'north');
    expect(blowBy(community)).toBeUndefined();
    const streetsAlone = { policy: { ...WHISTLE_POLICY, communitiesBlow: false } };
    expect(blowBy(community, {}, streetsAlone)).toMatchObject({ code: 'forbidden', clause: 'W1' });
    expect(blowBy(dispatcher)).toMatchObject({ code: 'forbidden', clause: 'W1' });
    expect(blowBy(dispatcher, { type: 'emergency' })).toBeUndefined();
    expect(blowBy(clerk('housing'))).toMatchObject({ code: 'forbidden' });
  });

  it('[W1] is refused for an order that is over', () => {
    const over = { orders: [{ ...ORDER, active: false }] };
    expect(blowBy(officer, {}, over)).toMatchObject({ code: 'transition_not_allowed', clause: 'W1' });
  });

  it('[A7] is led by a unit that is called, or by the street where the city has it so', () => {
    expect(blowBy(officer, { leadUnitId: 'housing-repairs' })).toMatchObject({ code: 'unit_unknown', clause: 'A7' });
    const byStreet = WhistleCase.blown({ policy: { ...WHISTLE_POLICY, leadRule: 'blower' } });
    expect(byStreet.stands!.leadUnitId).toBe('street');
  });

  it('[A7] is led by whom the desk names, where nobody leads', () => {
    const it = WhistleCase.blown({}, { leadUnitId: null });
    expect(it.try(dispatcher, { name: 'nameLead', leadUnitId: 'abolished' })).toMatchObject({ code: 'unit_closed' });
    it.by(dispatcher, { name: 'nameLead', leadUnitId: 'housing-leases' });
    expect(it.stands!.leadUnitId).toBe('housing-leases');
    expect(it.parts['housing-leases']).toBe('summoned');
    expect(it.try(dispatcher, { name: 'nameLead', leadUnitId: 'water' })).toMatchObject({ clause: 'A7' });
  });

  it('[W2] can be sent back by the desk where the city has it look first, in time, and never in an emergency', () => {
    const decline: Act = { name: 'declineWhistle', reason: '属街道自身职责' };
    const looking = { policy: { ...WHISTLE_POLICY, gatekeepingMs: 1_800_000 } };
    expect(WhistleCase.blown().try(dispatcher, decline)).toMatchObject({ code: 'forbidden', clause: 'W2' });
    expect(WhistleCase.blown(looking).by(dispatcher, decline).stage).toBe('declined');
    const emergency = WhistleCase.blown(looking, { type: 'emergency' });
    expect(emergency.try(dispatcher, decline)).toMatchObject({ clause: 'W2' });
    const late = WhistleCase.blown(looking);
    late.now += 1_800_001;
    expect(late.try(dispatcher, decline)).toMatchObject({ code: 'clock_expired', clause: 'W2' });
  });

  it('[W15] is taken back by who blew, before the meeting', () => {
    const withdraw: Act = { name: 'withdrawWhistle', reason: '问题已解决' };
    expect(WhistleCase.blown().by(officer, withdraw).stage).toBe('withdrawn');
    expect(WhistleCase.blown().try(officer, { ...withdraw, reason: '' })).toMatchObject({ field: 'reason' });
    expect(WhistleCase.convened().try(officer, withdraw)).toMatchObject({ code: 'transition_not_allowed' });
  });

  it('[T20] takes in more orders of the same matter', () => {
    const second = { ...ORDER, orderNo: 'GD2' };
    const it = WhistleCase.blown({ orders: [ORDER, second, { ...ORDER, orderNo: 'GD3', within: false }] });
    it.by(officer, { name: 'linkOrder', orderNo: 'GD2' });
    expect(it.stands!.orderNos).toEqual(['GD1', 'GD2']);
    expect(it.try(officer, { name: 'linkOrder', orderNo: 'GD2' })).toMatchObject({ clause: 'T20' });
    expect(it.try(officer, { name: 'linkOrder', orderNo: 'GD3' })).toMatchObject({ code: 'order_not_found' });
  });
});

describe('reporting in', () => {
  it('[W3] is done by the unit’s own people, once', () => {
    const it = WhistleCase.blown().by(handler('housing-repairs'), reportIn);
    expect(it.parts.housing).toBe('reported_in');
    expect(it.try(clerk('housing'), reportIn)).toMatchObject({ code: 'transition_not_allowed', clause: 'W3' });
    expect(it.try(clerk('housing'), { ...reportIn, unitId: 'water' })).toMatchObject({ code: 'not_own_unit' });
    expect(it.try(clerk('north'), reportIn)).toMatchObject({ code: 'not_own_unit' });
  });

  it('[I6] tells who has no part in it nothing, not even that there is one', () => {
    expect(WhistleCase.blown().try(clerk('south-office'), reportIn)).toEqual(
      new WhistleCase().try(clerk('water'), reportIn),
    );
  });

  it('[W5] can be done late, and the breach stays', () => {
    const it = WhistleCase.blown();
    const missed: Act = { name: 'markAbsent', unitId: 'water' };
    expect(it.try(system, missed)).toMatchObject({ clause: 'W5' });
    it.now += REPORT_IN_MS;
    it.by(system, missed);
    expect(it.events.at(-1)!.facts).toEqual({ unitId: 'water', points: 1 });
    expect(it.parts.water).toBe('absent');
    it.now += 60_000;
    it.by(clerk('water'), reportIn);
    expect(it.events.at(-1)!.facts).toMatchObject({ lateMs: 60_000 });
    expect(it.stands!.participants[1]).toMatchObject({ stage: 'reported_in', missedAt: START + REPORT_IN_MS });
  });

  it('[W4] is refused with a basis by a clerk and the deputy leader, and an arbiter rules', () => {
    const it = WhistleCase.blown().by(clerk('water'), refuseReport);
    expect(it.parts.water).toBe('summoned');
    it.by(deputy('water'), { name: 'confirmReportRefusal' });
    expect(it.parts.water).toBe('refused');
    expect(it.try(clerk('water'), reportIn)).toMatchObject({ code: 'confirmation_pending', clause: 'W4' });
    it.by(arbiter, { name: 'ruleOnReportRefusal', unitId: 'water', ruling: 'overruled', reason: '属其职责' });
    expect(it.parts.water).toBe('summoned');
    expect(it.try(deputy('water'), refuseReport)).toMatchObject({ clause: 'W4' });
    it.by(clerk('water'), reportIn);
  });

  it('[W4] is not owed by whom an arbiter lets go, who leads nobody then', () => {
    const it = WhistleCase.blown().by(deputy('housing'), refuseReport);
    it.by(arbiter, { name: 'ruleOnReportRefusal', unitId: 'housing', ruling: 'upheld', reason: '不属其职责' });
    expect(it.parts.housing).toBe('excused');
    expect(it.stands!.leadUnitId).toBeNull();
    expect(it.try(dispatcher, { name: 'nameLead', leadUnitId: 'housing' })).toMatchObject({ clause: 'A7' });
  });

  it('[W4] cannot be refused in an emergency', () => {
    const it = WhistleCase.blown({}, { type: 'emergency' });
    expect(it.try(deputy('water'), refuseReport)).toMatchObject({ clause: 'W4' });
  });
});

describe('the meeting', () => {
  it('[W6] gives every unit a duty with its time, once all are there or known not to be', () => {
    const it = WhistleCase.blown().by(clerk('housing'), reportIn);
    expect(it.try(clerk('housing'), convening())).toMatchObject({ clause: 'W6', code: 'transition_not_allowed' });
    it.now += REPORT_IN_MS;
    it.by(system, { name: 'markAbsent', unitId: 'water' });
    const first = { taskId: 't1', unitId: 'housing', duty: '补办手续', dueAt: START + 86_400_000 };
    expect(it.try(clerk('housing'), convening({ duties: [first] }))).toMatchObject({ field: 'duties' });
    expect(it.try(clerk('housing'), convening({ minutes: '' }))).toMatchObject({ field: 'minutes' });
    expect(it.try(clerk('water'), convening())).toMatchObject({ code: 'not_own_unit' });
    it.by(clerk('housing'), convening());
    expect([it.stage, it.parts]).toEqual(['convened', { housing: 'tasked', water: 'absent' }]);
    // It owes its task all the same, and works on it once it has come.
    const start: Act = { name: 'startWork', taskId: 't2' };
    expect(it.try(clerk('water'), start)).toMatchObject({ clause: 'W3' });
    it.by(clerk('water'), reportIn).by(clerk('water'), start);
    expect(it.parts.water).toBe('tasked');
  });

  it('[C8] sets no task’s time behind the order’s own, unless a hard case’s plan has taken its place', () => {
    const late = (dueAt: number) =>
      convening({
        duties: ['housing', 'water'].map((unitId, n) => ({ taskId: `t${n}`, unitId, duty: '办理', dueAt })),
      });
    const ready = (given = {}) => WhistleCase.blown(given).by(clerk('housing'), reportIn).by(clerk('water'), reportIn);
    expect(ready().try(clerk('housing'), late(ORDER.handlingDueAt! + 1))).toMatchObject({
      clause: 'C8',
      field: 'duties.0.dueAt',
    });
    expect(ready().try(clerk('housing'), late(START))).toMatchObject({ clause: 'C8', code: 'clock_expired' });
    const hardCase = { orders: [{ ...ORDER, handlingDueAt: null }] };
    expect(ready(hardCase).try(clerk('housing'), late(ORDER.handlingDueAt! + 1))).toBeUndefined();
  });

  it('[W7] that does not come about in time is told once', () => {
    const it = WhistleCase.blown();
    expect(it.try(system, { name: 'missMeeting' })).toMatchObject({ clause: 'W7' });
    it.now += MEETING_MS;
    it.by(system, { name: 'missMeeting' });
    expect(it.events.at(-1)!.facts).toEqual({ leadUnitId: 'housing', meeting: 1 });
    expect(it.try(system, { name: 'missMeeting' })).toMatchObject({ clause: 'W7' });
  });

  it('[W13] [W14] is called anew on a higher level, whose plan takes the place of what stood open', () => {
    const it = WhistleCase.convened().by(officer, escalate);
    expect([it.stage, it.stands!.meetings]).toEqual(['escalated', 2]);
    expect(it.try(clerk('housing'), convening())).toMatchObject({ code: 'transition_not_allowed' });
    const duties = ['housing', 'water'].map((unitId, n) => ({
      taskId: `u${n}`,
      unitId,
      duty: '限期办结',
      dueAt: START + 86_400_000,
    }));
    it.by(districtLeader, convening({ duties }));
    expect(it.stands!.tasks.map(({ taskId, stage }) => `${taskId} ${stage}`)).toEqual([
      't1 waived',
      't2 waived',
      'u0 open',
      'u1 open',
    ]);
  });

  it('[W13] is called on a higher level by the hub when time has run out twice', () => {
    expect(WhistleCase.convened({ breaches: 1 }).try(system, escalate)).toMatchObject({ clause: 'W13' });
    expect(WhistleCase.convened({ breaches: 2 }).by(system, escalate).stage).toBe('escalated');
  });

  it('[W14] [CO8] of a task force names a person who leads, and no unit does', () => {
    const it = WhistleCase.convened().by(officer, { ...escalate, to: 'task_force' });
    expect(it.try(districtLeader, convening())).toMatchObject({ clause: 'W14', field: 'leaderId' });
    const duties = ['housing', 'water'].map((unitId, n) => ({
      taskId: `u${n}`,
      unitId,
      duty: '攻坚',
      dueAt: START + 86_400_000,
    }));
    it.by(districtLeader, convening({ duties, leaderId: districtLeader.userId }));
    expect(it.stands).toMatchObject({ leadUnitId: null, taskForce: { leaderId: districtLeader.userId } });
    expect(it.try(clerk('housing'), { name: 'waiveTask', taskId: 'u0', reason: '已无必要' })).toMatchObject({
      code: 'not_own_unit',
    });
    it.by(districtLeader, { name: 'waiveTask', taskId: 'u0', reason: '已无必要' });
    expect(
      WhistleCase.convened()
        .by(officer, escalate)
        .try(districtLeader, convening({ leaderId: 'x' })),
    ).toMatchObject({ clause: 'W14' });
  });
});

describe('tasks', () => {
  it('[W8] [W9] are started, told of and done by the unit that owes them, with evidence', () => {
    const it = WhistleCase.convened();
    const start: Act = { name: 'startWork', taskId: 't1' };
    expect(it.try(clerk('water'), start)).toMatchObject({ code: 'not_own_unit', clause: 'W9' });
    expect(it.try(clerk('housing'), { ...start, taskId: 'none' })).toMatchObject({ code: 'task_not_found' });
    it.by(clerk('housing'), start);
    expect(it.stage).toBe('executing');
    expect(it.try(clerk('housing'), start)).toMatchObject({ clause: 'W8' });
    it.by(handler('housing'), { name: 'reportTask', taskId: 't1', text: '已进场' });
    expect(it.try(clerk('housing'), { name: 'taskDone', taskId: 't1', evidence: '' })).toMatchObject({
      field: 'evidence',
    });
    it.by(clerk('housing'), { name: 'taskDone', taskId: 't1', evidence: '照片' });
    expect(it.parts).toEqual({ housing: 'task_done', water: 'tasked' });
    expect(it.try(clerk('housing'), { name: 'submitForAcceptance' })).toMatchObject({ clause: 'W10' });
    it.by(clerk('housing'), { name: 'waiveTask', taskId: 't2', reason: '管线无碍' });
    expect(it.try(clerk('housing'), { name: 'waiveTask', taskId: 't2', reason: '再免' })).toMatchObject({
      clause: 'W9',
    });
    expect(it.by(clerk('housing'), { name: 'submitForAcceptance' }).stage).toBe('pending_acceptance');
  });

  it('[W10] hold up the submission of the order as long as one stands open', () => {
    expect(holdsUpSubmission(WhistleCase.blown().stands!)).toBe(true);
    expect(holdsUpSubmission(WhistleCase.convened().stands!)).toBe(true);
    expect(holdsUpSubmission(WhistleCase.submitted().stands!)).toBe(false);
    const withdrawn = WhistleCase.blown().by(officer, { name: 'withdrawWhistle', reason: '误吹' });
    expect(holdsUpSubmission(withdrawn.stands!)).toBe(false);
  });
});

describe('acceptance', () => {
  it('[W11] sends tasks back with reasons', () => {
    const it = WhistleCase.submitted();
    const reject = (...tasks: { taskId: string; reason: string }[]): Act => ({ name: 'rejectAcceptance', tasks });
    expect(it.try(officer, reject())).toMatchObject({ field: 'tasks' });
    expect(it.try(officer, reject({ taskId: 't9', reason: '没办' }))).toMatchObject({ field: 'tasks.0.taskId' });
    expect(it.try(officer, reject({ taskId: 't1', reason: '' }))).toMatchObject({ field: 'tasks.0.reason' });
    it.by(officer, reject({ taskId: 't1', reason: '手续不全' }));
    expect([it.stage, it.parts.housing, it.stands!.tasks[0]]).toMatchObject([
      'executing',
      'tasked',
      { stage: 'started', sentBack: 1 },
    ]);
  });

  it('[W12] rates every unit that was called, and each of them rates the whistle once', () => {
    const it = WhistleCase.submitted();
    expect(it.try(officer, rated('housing'))).toMatchObject({ clause: 'W12', field: 'ratings' });
    expect(it.try(officer, rated('housing', 'water', 'water'))).toMatchObject({ field: 'ratings.2.unitId' });
    expect(it.try(clerk('housing'), rated('housing', 'water'))).toMatchObject({ code: 'forbidden' });
    it.by(officer, rated('housing', 'water'));
    expect([it.stage, it.parts]).toEqual(['released', { housing: 'rated', water: 'rated' }]);
    it.by(clerk('water'), { name: 'rateBlower', quality: 3 });
    expect(it.try(deputy('water'), { name: 'rateBlower', quality: 1 })).toMatchObject({ clause: 'W12' });
    expect(it.stands!.participants[1]!.ratesBlower).toBe(3);
  });
});

describe('a decision', () => {
  it('[I6] looks at rights before versions, and at versions before how it stands', () => {
    const it = WhistleCase.convened();
    const stale = { expectedVersion: 1 };
    expect(it.try(clerk('north'), { ...reportIn, ...stale })).toMatchObject({ code: 'not_own_unit' });
    expect(it.try(officer, { name: 'withdrawWhistle', reason: '撤', ...stale })).toMatchObject({
      code: 'version_conflict',
    });
    expect(it.try(supervisor, { name: 'withdrawWhistle', reason: '撤' })).toMatchObject({ code: 'forbidden' });
  });

  it('says what can be done instead', () => {
    const refusal = WhistleCase.convened().try(officer, { name: 'withdrawWhistle', reason: '撤' });
    expect(refusal!.message).toContain('哨单现在已会商，不能撤回吹哨；现在可以：');
  });
});
