import type {
  ReportInMode,
  Visibility,
  WhistleEscalation,
  WhistleEventType,
  WhistleRating,
  WhistleType,
} from '@minqing-hub/client-sdk/protocol';

interface OfTask {
  taskId: string;
  unitId: string;
}

/** Event type → its facts. Codes and references only: what people wrote lies in notes that name the event. */
export interface WhistleEventFacts {
  'whistle.blown': {
    type: WhistleType;
    visibility: Visibility;
    basisCode: string;
    areaCode: string | null;
    orderNos: string[];
    blowerUnitId: string | null;
    unitIds: string[];
    leadUnitId: string | null;
  };
  'whistle.declined': object;
  'whistle.lead_named': { leadUnitId: string; summoned: boolean };
  'whistle.order_linked': { orderNo: string; visibility: Visibility };
  /** `lateMs`: behind its time; 0: in time. `points`: what it costs the unit, where that was not said before. */
  'whistle.reported_in': { unitId: string; mode: ReportInMode; lateMs: number; points: number };
  /** `points`: what it costs the unit, by the policy in force. */
  'whistle.report_in_missed': { unitId: string; points: number };
  'whistle.report_refusal_proposed': { unitId: string; reasonCode: string };
  'whistle.report_refused': { unitId: string; reasonCode: string; raisedBy: string };
  'whistle.report_refusal_ruled': { unitId: string; ruling: 'upheld' | 'overruled' };
  /** `lateMs`: behind the time for the meeting; 0: in time. */
  'whistle.convened': { lateMs: number; duties: (OfTask & { dueAt: number })[]; leaderId: string | null };
  'whistle.meeting_overdue': { leadUnitId: string | null; meeting: number };
  'whistle.task_started': OfTask;
  'whistle.task_progressed': OfTask;
  'whistle.task_done': OfTask;
  'whistle.task_waived': OfTask;
  'whistle.submitted': object;
  'whistle.rejected': { taskIds: string[] };
  'whistle.released': { ratings: ({ unitId: string } & WhistleRating)[] };
  'whistle.blower_rated': { unitId: string; quality: number };
  'whistle.escalated': { to: WhistleEscalation };
  'whistle.withdrawn': object;
}

export type WhistleEvent<T extends WhistleEventType = WhistleEventType> = {
  [U in T]: {
    type: U;
    whistleNo: string;
    version: number;
    /** ms UTC */
    at: number;
    actorId: string;
    facts: WhistleEventFacts[U];
  };
}[T];
