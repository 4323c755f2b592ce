import { CALENDAR, CLOCK_POLICY, START, clerk, person } from '../../../test/support/rule-book.js';
import { MEETING_MS, officer, REPORT_IN_MS, WhistleCase } from '../../../test/support/whistle-rules.js';
import type { Deadline } from '../clock/deadline.js';
import { sayDue } from '../clock/say-due.js';
import { breachesOf, followWhistle, type WhistleClockPolicy } from './whistle-clocks.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POLICY: WhistleClockPolicy = {
  version: 1,
  amber: CLOCK_POLICY.amber,
  repeats: [1, 3],
  meeting: { emergency: { basis: 'wall', amount: HOUR / 2 }, other: { basis: 'wall', amount: MEETING_MS } },
  reportIn: { emergency: { basis: 'wall', amount: HOUR }, other: { basis: 'wall', amount: REPORT_IN_MS } },
};

/** The clocks as the whistle stands now. */
function follow({ stands, now }: WhistleCase, kept: readonly Deadline[] = []): Deadline[] {
  const said = sayDue(kept, now, CALENDAR).deadlines;
  return followWhistle({ whistle: stands!, kept: said, now, policy: POLICY, calendar: CALENDAR }).deadlines;
}
const told = (deadlines: readonly Deadline[]) =>
  deadlines.map(({ clock, unitId, state }) => `${clock} ${unitId ?? '-'} ${state}`);

describe('the clocks of a whistle', () => {
  it('[C6] [C7] are one for the meeting and one for each called unit, which ends before it', () => {
    const it = WhistleCase.blown();
    const clocks = follow(it);
    expect(told(clocks)).toEqual(['MEETING housing running', 'REPORT_IN housing running', 'REPORT_IN water running']);
    expect(clocks.map(({ dueAt }) => dueAt - START)).toEqual([MEETING_MS, REPORT_IN_MS, REPORT_IN_MS]);
    const urgent = follow(WhistleCase.blown({}, { type: 'emergency' }));
    expect(urgent.map(({ dueAt }) => dueAt - START)).toEqual([HOUR / 2, HOUR / 2, HOUR / 2]);
  });

  it('[C7] [W4] runs anew for who must come after all, and on for who is absent', () => {
    const it = WhistleCase.blown();
    let clocks = follow(it);
    it.by(person('deputy_leader', 'water'), { name: 'refuseReport', reasonCode: 'out_of_scope', basis: '不涉及' });
    it.now += HOUR;
    clocks = follow(it, clocks);
    expect(told(clocks)).toContain('REPORT_IN water stopped');
    it.by(person('arbiter', null), {
      name: 'ruleOnReportRefusal',
      unitId: 'water',
      ruling: 'overruled',
      reason: '应到',
    });
    clocks = follow(it, clocks);
    expect(clocks.at(-1)).toMatchObject({ unitId: 'water', state: 'running', dueAt: it.now + REPORT_IN_MS });
    it.now = START + REPORT_IN_MS;
    it.by(person('system', null), { name: 'markAbsent', unitId: 'housing' });
    clocks = follow(it, clocks);
    expect(clocks[1]).toMatchObject({ unitId: 'housing', state: 'running', signal: 'overdue' });
    it.by(clerk('housing'), { name: 'reportIn', mode: 'on_site' });
    expect(follow(it, clocks)[1]).toMatchObject({ state: 'met', signal: 'overdue' });
  });

  it('[C8] [W11] a task stands still while it is looked at, goes on when it is sent back, and counts from when it was done', () => {
    const it = WhistleCase.convened();
    let clocks = follow(it);
    expect(told(clocks)).toEqual(['TASK housing running', 'TASK water running']);
    it.by(clerk('water'), { name: 'startWork', taskId: 't2' }).by(clerk('housing'), {
      name: 'startWork',
      taskId: 't1',
    });
    it.now += DAY;
    it.by(clerk('water'), { name: 'taskDone', taskId: 't2', evidence: '照片' });
    clocks = follow(it, clocks);
    expect(clocks[1]).toMatchObject({ state: 'paused', pausedFor: 'review', dueAt: START + 3 * DAY });
    it.by(clerk('housing'), { name: 'taskDone', taskId: 't1', evidence: '照片' });
    it.by(clerk('housing'), { name: 'submitForAcceptance' });
    clocks = follow(it, clocks);
    it.now += DAY;
    it.by(officer, { name: 'rejectAcceptance', tasks: [{ taskId: 't2', reason: '不够' }] });
    clocks = follow(it, clocks);
    expect(clocks[1]).toMatchObject({ state: 'running', dueAt: START + 4 * DAY });
    it.by(clerk('water'), { name: 'taskDone', taskId: 't2', evidence: '照片' });
    it.by(clerk('housing'), { name: 'submitForAcceptance' });
    clocks = follow(it, clocks);
    it.now += DAY;
    const mark = { promptness: 3, effort: 3, effect: 3 };
    it.by(officer, { name: 'acceptResult', ratings: ['housing', 'water'].map((unitId) => ({ unitId, ...mark })) });
    clocks = follow(it, clocks);
    expect(clocks).toMatchObject([
      { state: 'met', endedAt: START + DAY },
      { state: 'met', endedAt: START + 2 * DAY },
    ]);
  });

  it('[W13] count as run out once when they are overdue, and twice when that is said again', () => {
    const it = WhistleCase.blown();
    const [meeting] = follow(it);
    expect(breachesOf([meeting!])).toBe(0);
    expect(breachesOf([{ ...meeting!, signal: 'overdue' }])).toBe(1);
    expect(breachesOf([{ ...meeting!, signal: 'overdue_1wd' }])).toBe(2);
    expect(breachesOf([{ ...meeting!, clock: 'REPORT_IN', signal: 'overdue_3wd' }])).toBe(0);
  });
});
