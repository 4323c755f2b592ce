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
