import * as fc from 'fast-check';
import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import { CITY, person } from '../../../test/support/rule-book.js';
import { type Act, blow, officer, WhistleCase } from '../../../test/support/whistle-rules.js';
import { fold } from './evolve.js';
import { rowsOf, TRANSITIONS } from './transitions.js';
import type { WhistleCommandName } from './whistle-command.js';
import { ENDED, isSettled, isSummoned, type Whistle } from './whistle.js';

/** The numbers that a step's choices are made from. */
interface Step {
  command: number;
  who: number;
  unit: number;
  task: number;
  flag: boolean;
  minutes: number;
  /** Things go on as they mostly do, so that sequences go deep. */
  usual: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  command: fc.nat(99),
  who: fc.nat(99),
  unit: fc.nat(99),
  task: fc.nat(99),
  flag: fc.boolean(),
  minutes: fc.integer({ min: 0, max: 90 }),
  usual: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
});

const UNITS = CITY.all().map(({ unitId }) => unitId);
const CALLED = ['housing', 'water', 'north'];
const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;
const OVER_ALL: readonly Role[] = ['dispatcher', 'arbiter', 'shift_leader', 'system'];

function actorFor(role: Role, s: Step): Actor {
  if (OVER_ALL.includes(role)) return person(role);
  if (role === 'street_officer') return officer;
  if (role === 'district_leader') return person(role, 'city');
  return person(role, pick([...CALLED, ...CALLED, ...UNITS], s.unit), s.flag ? '001' : '002');
}

/** Some command of this name, well formed or not. */
function commandOf(name: WhistleCommandName, whistle: Whistle, s: Step, now: number): Act {
  const unitId = pick(CALLED, s.unit);
  const tasks = whistle.tasks.map((task) => task.taskId);
  const taskId = tasks.length > 0 ? pick(tasks, s.task) : 'none';
  const called = whistle.participants.filter(isSummoned).map((part) => part.unitId);
  switch (name) {
    case 'blowWhistle':
      return blow();
    case 'declineWhistle':
    case 'withdrawWhistle':
      return { name, reason: '理由' };
    case 'nameLead':
      return { name, leadUnitId: pick(UNITS, s.unit) };
    case 'linkOrder':
      return { name, orderNo: s.flag ? 'GD1' : 'GD2' };
    case 'reportIn':
      return { name, mode: s.flag ? 'on_site' : 'online' };
    case 'refuseReport':
      return { name, reasonCode: 'not_our_duty', basis: '依据' };
    case 'ruleOnReportRefusal':
      return { name, unitId, ruling: s.flag ? 'upheld' : 'overruled', reason: '理由' };
    case 'markAbsent':
      return { name, unitId };
    case 'convene': {
      const owing = called.filter((_, n) => s.flag || n !== s.task);
      const duties = owing.map((of) => ({
        taskId: `${whistle.version}-${of}`,
        unitId: of,
        duty: '责任',
        dueAt: now + 3_600_000 * (s.task % 40),
      }));
      const formed = whistle.escalatedTo === 'task_force' && { leaderId: 'district_leader-city' };
      return { name, minutes: '纪要', duties, ...formed };
    }
    case 'startWork':
      return { name, taskId };
    case 'reportTask':
      return { name, taskId, text: '进展' };
    case 'taskDone':
      return { name, taskId, evidence: s.flag ? '凭据' : '' };
    case 'waiveTask':
      return { name, taskId, reason: '理由' };
    case 'rejectAcceptance':
      return { name, tasks: [{ taskId, reason: '理由' }] };
    case 'acceptResult':
      return { name, ratings: called.map((of) => ({ unitId: of, promptness: 1, effort: 2, effect: 3 })) };
    case 'rateBlower':
      return { name, quality: 4 };
    case 'escalateWhistle':
      return { name, to: s.flag ? 'task_force' : 'joint_meeting', reason: '理由' };
    case 'confirmReportRefusal':
    case 'missMeeting':
    case 'submitForAcceptance':
      return { name };
  }
}

/** What most people would do next. */
function usual(whistle: Whistle, s: Step, now: number): [Actor, Act][] {
  const clerk = (unitId: string): Actor => person('unit_clerk', unitId);
  const lead = clerk(whistle.leadUnitId ?? 'housing');
  switch (whistle.stage) {
    case 'blown':
      return [
        ...CALLED.map((unitId): [Actor, Act] => [clerk(unitId), commandOf('reportIn', whistle, s, now)]),
        [lead, commandOf('convene', whistle, { ...s, flag: true, task: 1 + s.task }, now)],
      ];
    case 'convened':
    case 'executing':
      return [
        ...whistle.tasks.map(({ taskId, unitId, stage }): [Actor, Act] => [
          clerk(unitId),
          stage === 'open' ? { name: 'startWork', taskId } : { name: 'taskDone', taskId, evidence: '凭据' },
        ]),
        [lead, { name: 'submitForAcceptance' }],
      ];
    case 'pending_acceptance':
      return [[officer, commandOf(s.flag ? 'rejectAcceptance' : 'acceptResult', whistle, s, now)]];
    default:
      return [];
  }
}

interface Happening {
  before: Whistle;
  after: Whistle;
  command: WhistleCommandName;
}

/** Plays the steps on one whistle. */
function play(steps: readonly Step[]): { it: WhistleCase; happened: Happening[] } {
  const it = WhistleCase.blown({ breaches: 2 }, { unitIds: CALLED });
  const happened: Happening[] = [];
  const attempt = (actor: Actor, act: Act): void => {
    const before = it.stands!;
    if (!it.try(actor, act)) happened.push({ before, after: it.stands!, command: act.name });
  };
  for (const s of steps) {
    it.now += s.minutes * 60_000;
    const possible = TRANSITIONS.filter(({ from }) => from.includes(it.stage));
    if (possible.length === 0) break;
    if (s.usual) for (const [actor, act] of usual(it.stands!, s, it.now)) attempt(actor, act);
    const row = pick(possible, s.command);
    attempt(actorFor(pick(row.who, s.who), s), commandOf(row.command, it.stands!, s, it.now));
  }
  return { it, happened };
}

const anySteps = fc.array(step, { minLength: 10, maxLength: 120 });

describe('the whistle machine', () => {
  it('[I8] is given byte for byte by its events', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { it } = play(steps);
        expect(JSON.stringify(fold(it.events))).toBe(JSON.stringify(it.stands));
        expect(it.events.map(({ version }) => version)).toEqual(it.events.map((_, n) => n + 1));
      }),
      { numRuns: 200 },
    );
  });

  it('[W5] [W6] [W10] [W12] holds what it promises, whatever is tried', () => {
    const reached = new Set<string>();
    const seen = new Set<string>();
    fc.assert(
      fc.property(anySteps, (steps) => {
        for (const { before, after, command } of play(steps).happened) {
          reached.add(after.stage);
          seen.add(command);
          const row = rowsOf(command).find(
            ({ from, to }) => from.includes(before.stage) && (to === '↺' ? before.stage : to) === after.stage,
          );
          expect({ command, from: before.stage, to: after.stage, row: row?.clause }).toMatchObject({
            row: expect.any(String) as string,
          });
          // [W5] A breach stays, whoever comes later.
          for (const [n, part] of before.participants.entries()) {
            if (part.missedAt !== null) expect(after.participants[n]!.missedAt).toBe(part.missedAt);
            expect(after.participants[n]!.unitId).toBe(part.unitId);
          }
          // [W6] Once agreed, every unit that is called owes something, and all that is owed has its time.
          if (command === 'convene') {
            const owing = new Set(after.tasks.filter(({ stage }) => stage === 'open').map(({ unitId }) => unitId));
            expect(after.participants.filter(isSummoned).every(({ unitId }) => owing.has(unitId))).toBe(true);
            expect(after.participants.some(({ stage }) => stage === 'summoned' || stage === 'refused')).toBe(false);
          }
          // [W10] Nothing goes to the street with something owed.
          if (command === 'submitForAcceptance') expect(after.tasks.every(isSettled)).toBe(true);
          // Who has come and owes nothing more is done, and nobody else.
          for (const { unitId, stage } of after.participants) {
            const own = after.tasks.filter((task) => task.unitId === unitId);
            if (stage === 'task_done') expect(own.length > 0 && own.every(isSettled)).toBe(true);
            if (stage === 'tasked') expect(own.every(isSettled)).toBe(false);
          }
          if (before.endedAt !== null) expect(command).toBe('rateBlower');
          expect(after.endedAt !== null).toBe((ENDED as readonly string[]).includes(after.stage));
        }
      }),
      // Always the same steps: what they reach is asked below.
      { numRuns: 400, seed: 1 },
    );
    expect([...reached].sort()).toEqual(
      ['blown', 'convened', 'escalated', 'executing', 'pending_acceptance', 'released', 'withdrawn'].sort(),
    );
    for (const command of ['rejectAcceptance', 'rateBlower', 'markAbsent', 'ruleOnReportRefusal', 'missMeeting']) {
      expect(seen).toContain(command);
    }
  });
});
