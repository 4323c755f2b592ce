import type { ClockName } from '@minqing-hub/client-sdk/protocol';
import type { WorkCalendar } from '../calendar/work-calendar.js';
import type { AmberRule, Repeats } from '../clock/amber.js';
import type { ClockChange, ClocksAfter } from '../clock/clock-change.js';
import { type Deadline, end, isOpen, type NewDeadline, ranOut, startDeadline } from '../clock/deadline.js';
import { dueAfter, type Limit } from '../clock/due-after.js';
import { pause, resume } from '../clock/move-deadline.js';
import { ENDED, type Participant, type Task, type Whistle } from './whistle.js';

type ByUrgency = Record<'emergency' | 'other', Limit>;

/** What a city decides about the clocks of whistles. */
export interface WhistleClockPolicy {
  version: number;
  amber: AmberRule;
  repeats: Repeats;
  /** [C6] `meeting.limit` */
  meeting: ByUrgency;
  /** [C7] `reportIn.limit` */
  reportIn: ByUrgency;
}

/** What the clocks of a whistle follow from. */
export interface WhistleClockGrounds {
  whistle: Whistle;
  /** Its clocks so far. */
  kept: readonly Deadline[];
  /** ms UTC */
  now: number;
  policy: WhistleClockPolicy;
  calendar: WorkCalendar;
}

/** A clock that belongs to how a whistle stands. */
interface RunningClock extends Pick<NewDeadline, 'limit' | 'source' | 'policyKey' | 'dueAt'> {
  clockId: string;
  clock: ClockName;
  unitId: string | null;
  /** [C8] What was done is looked at. */
  paused: boolean;
}

/**
 * Brings a whistle's clocks in line with it: those that belong to how it stands run, or stand still; the others have
 * ended. A clock has one life. [C6] [C7] [C8] [CK12]
 */
export function followWhistle(grounds: WhistleClockGrounds): ClocksAfter {
  const { kept, now, policy, calendar } = grounds;
  const belong = new Map(clocksOf(grounds).map((clock) => [clock.clockId, clock]));
  const deadlines: Deadline[] = [];
  const changes: ClockChange[] = [];
  for (const before of kept) {
    const change = isOpen(before) ? changeOf(before, belong.get(before.clockId), grounds) : undefined;
    belong.delete(before.clockId);
    deadlines.push(change?.deadline ?? before);
    if (change) changes.push(change);
  }
  for (const { paused: _none, ...clock } of belong.values()) {
    const { version: policyVersion, amber, repeats } = policy;
    const deadline = startDeadline({ ...clock, policyVersion, amber, repeats, startedAt: now }, calendar);
    deadlines.push(deadline);
    changes.push({ type: 'deadline.started', deadline });
  }
  return { deadlines, changes };
}

function changeOf(
  before: Deadline,
  clock: RunningClock | undefined,
  { whistle, now, calendar }: WhistleClockGrounds,
): ClockChange | undefined {
  if (!clock) {
    const how = endOf(before, whistle);
    // [C8] What was accepted counts from when it was done.
    return { type: `deadline.${how}`, deadline: end(before, before.pausedAt ?? now, how) };
  }
  if (clock.paused && before.state === 'running') {
    return { type: 'deadline.paused', deadline: pause(before, now, 'review', calendar) };
  }
  if (!clock.paused && before.state === 'paused') {
    return { type: 'deadline.resumed', deadline: resume(before, now, calendar) };
  }
  if (clock.unitId === before.unitId) return undefined;
  return { type: 'deadline.recalculated', deadline: { ...before, unitId: clock.unitId } };
}

const clockId = ({ whistleNo }: Whistle, clock: ClockName, which: string | number): string =>
  `whistle:${whistleNo}:${clock}:${which}`;

const urgency = ({ type }: Whistle): keyof ByUrgency => (type === 'emergency' ? 'emergency' : 'other');

const isOver = ({ stage }: Whistle): boolean => (ENDED as readonly string[]).includes(stage);

function clocksOf(grounds: WhistleClockGrounds): RunningClock[] {
  const { whistle } = grounds;
  if (isOver(whistle)) return [];
  const meeting = awaitsMeeting(whistle) ? [meetingClock(grounds)] : [];
  const parts = whistle.participants.flatMap((part, n) => (isAwaited(part) ? [reportInClock(part, n, grounds)] : []));
  const tasks = whistle.tasks.flatMap((task) => (task.stage === 'waived' ? [] : [taskClock(task, grounds)]));
  return [...meeting, ...parts, ...tasks];
}

const awaitsMeeting = ({ stage }: Whistle): boolean => stage === 'blown' || stage === 'escalated';
/** [W5] Who is absent is waited for, and later all the time. */
const isAwaited = ({ stage }: Participant): boolean => stage === 'summoned' || stage === 'absent';

/** [C6] One for each meeting that is called. */
function meetingClock({ whistle, policy }: WhistleClockGrounds): RunningClock {
  const which = urgency(whistle);
  return {
    clockId: clockId(whistle, 'MEETING', whistle.meetings),
    clock: 'MEETING',
    unitId: whistle.leadUnitId,
    limit: policy.meeting[which],
    source: 'policy',
    policyKey: `meeting.limit.${which}`,
    paused: false,
  };
}

/** [C7] Of each unit, always before the meeting; anew for who was told to come after all. */
function reportInClock({ unitId, summons }: Participant, n: number, grounds: WhistleClockGrounds): RunningClock {
  const { whistle, kept, now, policy, calendar } = grounds;
  const which = urgency(whistle);
  const meeting = meetingClock(grounds);
  const known = kept.find((one) => one.clockId === meeting.clockId);
  return {
    clockId: clockId(whistle, 'REPORT_IN', `${n + 1}.${summons}`),
    clock: 'REPORT_IN',
    unitId,
    limit: policy.reportIn[which],
    source: 'policy',
    policyKey: `reportIn.limit.${which}`,
    dueAt: Math.max(now, known?.dueAt ?? dueAfter(now, meeting.limit, calendar).at),
    paused: false,
  };
}

/** [C8] As the plan has it; it stands still while what was done is looked at. */
const taskClock = (
  { taskId, unitId, givenAt, dueAt, stage }: Task,
  { whistle }: WhistleClockGrounds,
): RunningClock => ({
  clockId: clockId(whistle, 'TASK', taskId),
  clock: 'TASK',
  unitId,
  limit: { basis: 'wall', amount: dueAt - givenAt },
  source: 'plan',
  paused: stage === 'done',
});

/** How a clock that runs no more has ended: what it waited for was done, or is needed no more. */
function endOf({ clock, clockId: id, unitId }: Deadline, whistle: Whistle): 'met' | 'stopped' {
  switch (clock) {
    case 'MEETING':
      return whistle.convenedAt === null ? 'stopped' : 'met';
    case 'REPORT_IN':
      return whistle.participants.find((part) => part.unitId === unitId)?.reportedInAt === null ? 'stopped' : 'met';
    default:
      return whistle.tasks.some(({ taskId, stage }) => clockId(whistle, 'TASK', taskId) === id && stage === 'done')
        ? 'met'
        : 'stopped';
  }
}

/** [W13] Times that a time for a meeting or a task has run out; one that is said to be late again has done so twice. */
export const breachesOf = (deadlines: readonly Deadline[]): number =>
  deadlines
    .filter((one) => (one.clock === 'MEETING' || one.clock === 'TASK') && ranOut(one))
    .reduce((sum, { signal }) => sum + (signal === 'overdue' ? 1 : 2), 0);
