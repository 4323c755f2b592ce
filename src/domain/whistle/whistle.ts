import type {
  ParticipantStage,
  ReportInMode,
  TaskStage,
  Visibility,
  WhistleEscalation,
  WhistleRating,
  WhistleStage,
  WhistleType,
} from '@minqing-hub/client-sdk/protocol';

/** [W4] A unit's "not our matter"; its basis in words is a note. */
export interface ReportRefusal {
  reasonCode: string;
  /** User id of who raised it. */
  by: string;
  /** User id of the deputy leader who stands by it; `null`: not yet. */
  confirmedBy: string | null;
  at: number;
  ruling: 'open' | 'upheld' | 'overruled';
}

/** One summoned unit. Times: ms UTC. */
export interface Participant {
  unitId: string;
  stage: ParticipantStage;
  summonedAt: number;
  reportedInAt: number | null;
  mode: ReportInMode | null;
  /** User id of who came. */
  reporterId: string | null;
  /** [W5] When its time to report in ran out; stays, whoever comes later. */
  missedAt: number | null;
  refusal: ReportRefusal | null;
  rating: WhistleRating | null;
  /** [W4] Times that it was told to come: 1, and one more when it had to come after all. */
  summons: number;
  /** [W12] What it thinks of the whistle itself, 1 to 5; `null`: it has not said. */
  ratesBlower: number | null;
}

/** [W6] What one unit owes. The duty in words is a note. */
export interface Task {
  taskId: string;
  unitId: string;
  stage: TaskStage;
  /** ms UTC */
  dueAt: number;
  /** When the plan that it is in was made, ms UTC. */
  givenAt: number;
  doneAt: number | null;
  /** Times that its result was sent back [W11]. */
  sentBack: number;
}

/** [CO8] No unit leads: a person does, and all members are scored alike. */
export interface TaskForce {
  leaderId: string;
}

/** 吹哨单, without anything personal and without free text. Times: ms UTC. `evolve` over its events gives exactly this. */
export interface Whistle {
  whistleNo: string;
  version: number;
  stage: WhistleStage;
  type: WhistleType;
  /** [DG4] `confidential` as soon as one of its orders is. */
  visibility: Visibility;
  /** The street or community that judges the result; `null`: the desk does. */
  blowerUnitId: string | null;
  /** User id. */
  blownBy: string;
  blownAt: number;
  areaCode: string | null;
  basisCode: string;
  /** None where a patrol found it. */
  orderNos: string[];
  /** `null`: none is named yet, or a task force has it. */
  leadUnitId: string | null;
  taskForce: TaskForce | null;
  participants: Participant[];
  tasks: Task[];
  /** Meetings called so far: 1 from the blow, one more with each escalation. */
  meetings: number;
  convenedAt: number | null;
  /** When the time for the present meeting ran out; `null`: it has not. */
  meetingMissedAt: number | null;
  escalatedTo: WhistleEscalation | null;
  submittedAt: number | null;
  endedAt: number | null;
}

/** What is over, and changes no more but for the units' word about the whistle. */
export const ENDED = ['released', 'declined', 'withdrawn'] as const satisfies readonly WhistleStage[];

/** [W4] Who an arbiter let go owes nothing. */
export const isSummoned = ({ stage }: Participant): boolean => stage !== 'excused';

export const participantOf = (whistle: Whistle, unitId: string): Participant | undefined =>
  whistle.participants.find((one) => one.unitId === unitId);

export const tasksOf = (whistle: Whistle, unitId: string): Task[] =>
  whistle.tasks.filter((task) => task.unitId === unitId);

export const taskOf = (whistle: Whistle, taskId: string): Task | undefined =>
  whistle.tasks.find((task) => task.taskId === taskId);

/** Done, or needed no more. */
export const isSettled = ({ stage }: Task): boolean => stage === 'done' || stage === 'waived';

/** [W10] While a task of it stands open nobody can say that the order is solved. */
export const holdsUpSubmission = (whistle: Whistle): boolean =>
  whistle.stage !== 'declined' &&
  whistle.stage !== 'withdrawn' &&
  (whistle.convenedAt === null || whistle.tasks.some((task) => !isSettled(task)));
