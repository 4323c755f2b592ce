import type { ClockView, Visibility } from './cards.js';

/** 重点难题、联合执法、应急处置。 */
export type WhistleType = 'key_problem' | 'joint_enforcement' | 'emergency';

export type WhistleStage =
  'blown' | 'convened' | 'executing' | 'pending_acceptance' | 'released' | 'escalated' | 'declined' | 'withdrawn';

/** How a summoned unit stands to a whistle. `absent`: it did not report in by its time, and has not since. */
export type ParticipantStage =
  'summoned' | 'absent' | 'refused' | 'excused' | 'reported_in' | 'tasked' | 'task_done' | 'rated';

/** 现场报到、线上报到。 */
export type ReportInMode = 'on_site' | 'online';

/** What one unit owes by when; `waived`: the lead has said why it is needed no more. */
export type TaskStage = 'open' | 'started' | 'done' | 'waived';

/** Who takes on what a whistle did not solve. */
export type WhistleEscalation = 'joint_meeting' | 'task_force' | 'party_government_meeting';

/** Each 1 to 5. */
export interface WhistleRating {
  promptness: number;
  effort: number;
  effect: number;
}

/** How one summoned unit stands, as everybody in the room sees it. Times: ms UTC. */
export interface ParticipantView {
  unitId: string;
  stage: ParticipantStage;
  summonedAt: number;
  reportedInAt: number | null;
  mode: ReportInMode | null;
  /** When its time to report in ran out; stays, whoever comes later. */
  missedAt: number | null;
  /** Whether what it says against coming holds; `null`: it has said nothing. */
  refusal: 'proposed' | 'open' | 'upheld' | 'overruled' | null;
  rating: WhistleRating | null;
}

/** What one unit owes; the words of it are pulled. Times: ms UTC. */
export interface TaskView {
  taskId: string;
  unitId: string;
  stage: TaskStage;
  dueAt: number;
  doneAt: number | null;
  /** Times that its result was sent back. */
  sentBack: number;
}

/**
 * What consoles see of a whistle. No free text: minutes, duties and evidence are pulled over HTTP. Times: ms UTC.
 * Of one that has a confidential order shared rooms see `StubWhistleCard`'s fields, its clocks without their unit.
 */
export interface WhistleCard {
  whistleNo: string;
  version: number;
  stage: WhistleStage;
  type: WhistleType;
  visibility: Visibility;
  /** `null`: the desk blew it. */
  blowerUnitId: string | null;
  blownAt: number;
  areaCode: string | null;
  orderNos: string[];
  /** `null`: nobody is named yet, or a task force has it. */
  leadUnitId: string | null;
  /** Who leads the task force, a user id; `null`: it is none. */
  taskForceLeaderId: string | null;
  participants: ParticipantView[];
  tasks: TaskView[];
  convenedAt: number | null;
  /** When the time for the present meeting ran out; `null`: it has not. */
  meetingMissedAt: number | null;
  escalatedTo: WhistleEscalation | null;
  submittedAt: number | null;
  endedAt: number | null;
  /** What runs for it, and what ran out; what is due first comes first. */
  clocks: ClockView[];
}

export type StubWhistleCard = Pick<
  WhistleCard,
  'whistleNo' | 'version' | 'stage' | 'type' | 'visibility' | 'blownAt' | 'endedAt' | 'clocks'
>;

/** What people wrote, and about what. */
export interface WhistleNote {
  at: number;
  /** User id. */
  actor: string;
  type: WhistleNoteType;
  unitId: string | null;
  taskId: string | null;
  text: string;
}

export type WhistleNoteType =
  | 'basis'
  | 'finding'
  | 'decline'
  | 'refusal'
  | 'ruling'
  | 'minutes'
  | 'duty'
  | 'progress'
  | 'evidence'
  | 'waiver'
  | 'rejection'
  | 'escalation'
  | 'withdrawal';

/** One of its orders, for whoever takes part: the matter, never who asked. */
export interface WhistleOrder {
  orderNo: string;
  /** The rest is `null` where the reader may not read the order, which is confidential. */
  title: string | null;
  text: string | null;
  address: string | null;
  /** ms UTC; `null`: no handling clock runs. */
  handlingDueAt: number | null;
}

export interface WhistleDetail extends WhistleCard {
  basisCode: string;
  orders: WhistleOrder[];
  notes: WhistleNote[];
}

export interface WhistlePage {
  items: WhistleCard[];
  /** Hand it back as `cursor` for what comes next; `null`: that was all. */
  next: string | null;
}

/** What somebody said in the room of a whistle. */
export interface WhistleMessage {
  /** From 1 in each room. */
  messageNo: number;
  at: number;
  /** User id. */
  actor: string;
  text: string;
  /** User ids. */
  mentions: string[];
}

/** So far somebody has read. */
export interface WhistleReader {
  userId: string;
  /** Number of a message. */
  upTo: number;
  at: number;
}

/** The newest first. */
export interface WhistleMessages {
  items: WhistleMessage[];
  /** Hand it back as `before` for what was said earlier; `null`: that was all. */
  next: number | null;
  readers: WhistleReader[];
}

/** Every command on a whistle answers with the version after it. */
export interface WhistleResult {
  whistleNo: string;
  version: number;
}

interface OnWhistle {
  whistleNo: string;
}
interface ChangesWhistle extends OnWhistle {
  expectedVersion: number;
}
/** For commands that add to a whistle: the version counts when it is given. */
interface AddsToWhistle extends OnWhistle {
  expectedVersion?: number;
}

/** Command name → payload and result, of whistles. */
export interface WhistleCommands {
  blowWhistle: {
    payload: {
      type: WhistleType;
      /** A code: why it is beyond the blower's own powers; `basis` says it in words. */
      basisCode: string;
      basis: string;
      /** None where a patrol found it; then `finding` says what. */
      orderNos?: string[];
      finding?: string;
      areaCode?: string;
      unitIds: string[];
      /** Absent: the lead of the first order, if it is among the units. */
      leadUnitId?: string;
    };
    result: WhistleResult;
  };
  declineWhistle: { payload: ChangesWhistle & { reason: string }; result: WhistleResult };
  nameLead: { payload: ChangesWhistle & { leadUnitId: string }; result: WhistleResult };
  linkOrder: { payload: AddsToWhistle & { orderNo: string }; result: WhistleResult };
  /** `unitId`: for a check that it is the caller's own. */
  reportIn: { payload: AddsToWhistle & { unitId?: string; mode: ReportInMode }; result: WhistleResult };
  refuseReport: { payload: AddsToWhistle & { reasonCode: string; basis: string }; result: WhistleResult };
  confirmReportRefusal: { payload: ChangesWhistle; result: WhistleResult };
  ruleOnReportRefusal: {
    payload: ChangesWhistle & { unitId: string; ruling: 'upheld' | 'overruled'; reason: string };
    result: WhistleResult;
  };
  /** `dueAt`: ISO 8601. `leaderId`: who leads the task force, a user id. */
  convene: {
    payload: ChangesWhistle & {
      minutes: string;
      duties: { unitId: string; duty: string; dueAt: string }[];
      leaderId?: string;
    };
    result: WhistleResult;
  };
  startWork: { payload: AddsToWhistle & { taskId: string }; result: WhistleResult };
  reportTask: { payload: AddsToWhistle & { taskId: string; text: string }; result: WhistleResult };
  taskDone: { payload: AddsToWhistle & { taskId: string; evidence: string }; result: WhistleResult };
  waiveTask: { payload: ChangesWhistle & { taskId: string; reason: string }; result: WhistleResult };
  submitForAcceptance: { payload: ChangesWhistle; result: WhistleResult };
  rejectAcceptance: {
    payload: ChangesWhistle & { tasks: { taskId: string; reason: string }[] };
    result: WhistleResult;
  };
  acceptResult: {
    payload: ChangesWhistle & { ratings: ({ unitId: string } & WhistleRating)[] };
    result: WhistleResult;
  };
  /** What the caller's unit thinks of the whistle itself, 1 to 5. */
  rateBlower: { payload: AddsToWhistle & { quality: number }; result: WhistleResult };
  escalateWhistle: { payload: ChangesWhistle & { to: WhistleEscalation; reason: string }; result: WhistleResult };
  /** To all in the room; `mentions`: user ids of those who are meant above all. */
  sayInRoom: {
    payload: OnWhistle & { text: string; mentions?: string[] };
    result: { whistleNo: string; messageNo: number };
  };
  readMessages: { payload: OnWhistle & { upTo: number }; result: { whistleNo: string; upTo: number } };
  withdrawWhistle: { payload: ChangesWhistle & { reason: string }; result: WhistleResult };
}

/** `data` has the whistle's `whistleNo` and `version`. */
export type WhistleEventType =
  | 'whistle.blown'
  | 'whistle.declined'
  | 'whistle.lead_named'
  | 'whistle.order_linked'
  | 'whistle.reported_in'
  | 'whistle.report_in_missed'
  | 'whistle.report_refusal_proposed'
  | 'whistle.report_refused'
  | 'whistle.report_refusal_ruled'
  | 'whistle.convened'
  | 'whistle.meeting_overdue'
  | 'whistle.task_started'
  | 'whistle.task_progressed'
  | 'whistle.task_done'
  | 'whistle.task_waived'
  | 'whistle.submitted'
  | 'whistle.rejected'
  | 'whistle.released'
  | 'whistle.blower_rated'
  | 'whistle.escalated'
  | 'whistle.withdrawn';

/** Told in the whistle's room alone, and not moving it. `data`: `messageNo` and `mentions`, or `upTo`; the words are pulled. */
export type WhistleRoomEventType = 'whistle.message_posted' | 'whistle.messages_read';
