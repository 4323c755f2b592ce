import type { ParticipantStage, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { WhistleEvent } from './whistle-event.js';
import { isSettled, isSummoned, type Participant, type Task, type Whistle } from './whistle.js';

/** The whistle after an event. Folding all its events over `null` gives the stored one, byte for byte. */
export function evolve(whistle: Whistle | null, event: WhistleEvent): Whistle {
  if (event.type === 'whistle.blown') return begin(event);
  if (!whistle) throw new Error(`${event.type} of a whistle that was never blown`);
  return { ...whistle, ...changes(whistle, event), version: event.version };
}

export const fold = (events: readonly WhistleEvent[]): Whistle | null => events.reduce<Whistle | null>(evolve, null);

function changes(whistle: Whistle, event: Exclude<WhistleEvent, WhistleEvent<'whistle.blown'>>): Partial<Whistle> {
  const { at, actorId } = event;
  switch (event.type) {
    case 'whistle.declined':
      return { stage: 'declined', endedAt: at };
    case 'whistle.withdrawn':
      return { stage: 'withdrawn', endedAt: at };
    case 'whistle.lead_named': {
      const { leadUnitId, summoned } = event.facts;
      return {
        leadUnitId,
        ...(summoned && { participants: [...whistle.participants, participant(leadUnitId, at)] }),
      };
    }
    case 'whistle.order_linked':
      return {
        orderNos: [...whistle.orderNos, event.facts.orderNo],
        visibility: strictest(whistle.visibility, event.facts.visibility),
      };
    case 'whistle.reported_in': {
      const { unitId, mode, lateMs } = event.facts;
      const there = { reportedInAt: at, mode, reporterId: actorId };
      return withPart(whistle, unitId, (part) => ({
        ...part,
        ...there,
        missedAt: part.missedAt ?? missedAt(at, lateMs),
        stage: 'reported_in',
      }));
    }
    case 'whistle.report_in_missed':
      return withPart(whistle, event.facts.unitId, (part) => ({ ...part, stage: 'absent', missedAt: at }));
    case 'whistle.report_refusal_proposed': {
      const { unitId, reasonCode } = event.facts;
      const refusal = { reasonCode, by: actorId, confirmedBy: null, at, ruling: 'open' as const };
      return withPart(whistle, unitId, (part) => ({ ...part, refusal }));
    }
    case 'whistle.report_refused': {
      const { unitId, reasonCode, raisedBy } = event.facts;
      const refusal = { reasonCode, by: raisedBy, confirmedBy: actorId, at, ruling: 'open' as const };
      return withPart(whistle, unitId, (part) => ({ ...part, refusal, stage: 'refused' }));
    }
    case 'whistle.report_refusal_ruled': {
      const { unitId, ruling } = event.facts;
      const stage = ruling === 'upheld' ? 'excused' : 'summoned';
      const again = stage === 'summoned' ? 1 : 0;
      return {
        ...withPart(whistle, unitId, (part) => ({
          ...part,
          refusal: { ...part.refusal!, ruling },
          stage,
          summons: part.summons + again,
        })),
        // [A7] Who is let go leads nobody.
        ...(stage === 'excused' && whistle.leadUnitId === unitId && { leadUnitId: null }),
      };
    }
    case 'whistle.convened':
      return convened(whistle, event);
    case 'whistle.meeting_overdue':
      return { meetingMissedAt: at };
    case 'whistle.task_started':
      return {
        ...withTasks(whistle, [event.facts.taskId], (task) => ({ ...task, stage: 'started' })),
        stage: 'executing',
      };
    case 'whistle.task_progressed':
      return {};
    case 'whistle.task_done':
      return withTasks(whistle, [event.facts.taskId], (task) => ({ ...task, stage: 'done', doneAt: at }));
    case 'whistle.task_waived':
      return withTasks(whistle, [event.facts.taskId], (task) => ({ ...task, stage: 'waived' }));
    case 'whistle.submitted':
      return { stage: 'pending_acceptance', submittedAt: at };
    case 'whistle.rejected': {
      const again = (task: Task): Task => ({ ...task, stage: 'started', doneAt: null, sentBack: task.sentBack + 1 });
      return { ...withTasks(whistle, event.facts.taskIds, again), stage: 'executing', submittedAt: null };
    }
    case 'whistle.released':
      return released(whistle, event);
    case 'whistle.blower_rated': {
      const { unitId, quality } = event.facts;
      return withPart(whistle, unitId, (part) => ({ ...part, ratesBlower: quality }));
    }
    case 'whistle.escalated':
      return {
        stage: 'escalated',
        escalatedTo: event.facts.to,
        meetings: whistle.meetings + 1,
        convenedAt: null,
        meetingMissedAt: null,
      };
  }
}

function begin({ whistleNo, version, at, actorId, facts }: WhistleEvent<'whistle.blown'>): Whistle {
  const { unitIds, ...rest } = facts;
  return {
    whistleNo,
    version,
    stage: 'blown',
    ...rest,
    blownBy: actorId,
    blownAt: at,
    taskForce: null,
    participants: unitIds.map((unitId) => participant(unitId, at)),
    tasks: [],
    meetings: 1,
    convenedAt: null,
    meetingMissedAt: null,
    escalatedTo: null,
    submittedAt: null,
    endedAt: null,
  };
}

const participant = (unitId: string, summonedAt: number): Participant => ({
  unitId,
  stage: 'summoned',
  summonedAt,
  reportedInAt: null,
  mode: null,
  reporterId: null,
  missedAt: null,
  refusal: null,
  rating: null,
  summons: 1,
  ratesBlower: null,
});

/** When the time was over of what came about so late, ms UTC; `null`: it was in time. */
const missedAt = (at: number, lateMs: number): number | null => (lateMs > 0 ? at - lateMs : null);

/** [DG4] Of two, who may see less. */
const strictest = (one: Visibility, other: Visibility): Visibility =>
  (['confidential', 'internal', 'public'] as const).find((each) => each === one || each === other)!;

/** [W14] What a higher meeting decides takes the place of what stood open. */
function convened(whistle: Whistle, { at, facts }: WhistleEvent<'whistle.convened'>): Partial<Whistle> {
  const { lateMs, duties, leaderId } = facts;
  const before = whistle.tasks.map((task): Task => (isSettled(task) ? task : { ...task, stage: 'waived' }));
  const given = duties.map((duty): Task => ({
    ...duty,
    stage: 'open',
    givenAt: at,
    doneAt: null,
    sentBack: 0,
  }));
  const tasks = [...before, ...given];
  return {
    stage: 'convened',
    convenedAt: at,
    meetingMissedAt: whistle.meetingMissedAt ?? missedAt(at, lateMs),
    tasks,
    participants: inLine(whistle.participants, tasks),
    ...(leaderId !== null && { taskForce: { leaderId }, leadUnitId: null }),
  };
}

function released(whistle: Whistle, { at, facts }: WhistleEvent<'whistle.released'>): Partial<Whistle> {
  const ratings = new Map(facts.ratings.map(({ unitId, ...rating }) => [unitId, rating]));
  return {
    stage: 'released',
    endedAt: at,
    participants: whistle.participants.map((part) =>
      isSummoned(part) ? { ...part, stage: 'rated', rating: ratings.get(part.unitId) ?? null } : part,
    ),
  };
}

function withPart(whistle: Whistle, unitId: string, change: (part: Participant) => Participant): Partial<Whistle> {
  const participants = whistle.participants.map((part) => (part.unitId === unitId ? change(part) : part));
  return { participants: inLine(participants, whistle.tasks) };
}

function withTasks(whistle: Whistle, taskIds: readonly string[], change: (task: Task) => Task): Partial<Whistle> {
  const tasks = whistle.tasks.map((task) => (taskIds.includes(task.taskId) ? change(task) : task));
  return { tasks, participants: inLine(whistle.participants, tasks) };
}

const AT_WORK: readonly ParticipantStage[] = ['reported_in', 'tasked', 'task_done'];

/** How a unit that has come stands follows from what it owes. */
const inLine = (participants: readonly Participant[], tasks: readonly Task[]): Participant[] =>
  participants.map((part) => {
    if (!AT_WORK.includes(part.stage)) return part;
    const own = tasks.filter(({ unitId }) => unitId === part.unitId);
    const stage = own.length === 0 ? 'reported_in' : own.every(isSettled) ? 'task_done' : 'tasked';
    return { ...part, stage };
  });
