import type { CardChange } from './card-kinds.js';
import type { WhistleEventType, WhistleRoomEventType } from './whistles.js';

export type OrderEventType =
  | 'order.registered'
  | 'order.answered'
  | 'order.refusal_proposed'
  | 'order.refused'
  | 'order.accepted'
  | 'order.merged'
  | 'order.merge_received'
  | 'order.dispatch_deferred'
  | 'order.dispatched'
  | 'order.acknowledged'
  | 'order.objection_proposed'
  | 'order.objected'
  | 'order.objection_upheld'
  | 'order.force_assigned'
  | 'order.contacted'
  | 'order.contact_failed'
  | 'order.progressed'
  | 'order.handler_changed'
  | 'order.escalation_proposed'
  | 'order.level_escalated'
  | 'order.proposal_declined'
  | 'order.auto_acknowledged'
  | 'order.due_promised'
  | 'order.extension_requested'
  | 'order.extension_endorsed'
  | 'order.extended'
  | 'order.suspension_requested'
  | 'order.suspension_endorsed'
  | 'order.suspended'
  | 'order.request_cancelled'
  | 'order.resumed'
  | 'order.citizen_asked'
  | 'order.citizen_replied'
  | 'order.urged'
  | 'supervision.opened';

export type QueueEventType =
  | 'queue.item_queued'
  | 'queue.item_offered'
  | 'queue.item_claimed'
  | 'queue.item_returned'
  | 'queue.item_expired'
  | 'queue.item_due_changed'
  | 'queue.item_done';

export type SeatEventType =
  | 'seat.presence_changed'
  | 'seat.shift_started'
  | 'seat.shift_extended'
  | 'seat.shift_ended'
  | 'seat.break_overrun'
  | 'seat.skills_changed'
  | 'seat.listening_started'
  | 'seat.listening_ended'
  | 'seat.message_sent';

/** Telephony and call-backs. */
export type CallEventType =
  | 'call.offered'
  | 'call.answered'
  | 'call.abandoned'
  | 'call.hung_up'
  | 'call.transferred'
  | 'call.wrong_number'
  | 'callback.scheduled'
  | 'callback.due'
  | 'callback.attempted'
  | 'callback.done';

/**
 * The rule book's clocks. `data`: `orderNo` (of a whistle's `whistleNo`), `version` (not moved by them), and of the clock `clockId`, `clock`, `unitId`,
 * `basis`, `limit`, `source`, `startedAt`, `dueAt`, `pausedMs`, `provisional`. `deadline.overdue` is said up to three
 * times, `data.signal` tells which; `deadline.amber` once. `deadline.resumed` and `deadline.recalculated` have in `data.signal`
 * what still holds of what was said before: they say nothing anew. `deadline.stopped`: nobody has to meet it any more.
 */
export type DeadlineEventType =
  | 'deadline.started'
  | 'deadline.amber'
  | 'deadline.overdue'
  | 'deadline.met'
  | 'deadline.stopped'
  | 'deadline.paused'
  | 'deadline.resumed'
  | 'deadline.recalculated';

/**
 * `data` has the policy's `key`. `policy.changed`: a value came into force (`value`, `unit`, `before`, `beforeUnit`, the `version` of the whole
 * policy, `effectiveAt`, `recalculate`, `source`); `policy.described`: its unit, default or clause is another by now;
 * `policy.dropped`: the hub has no such policy any more.
 */
export type PolicyEventType =
  'policy.changed' | 'policy.change_planned' | 'policy.change_withdrawn' | 'policy.described' | 'policy.dropped';

/**
 * What the requester of an order is told. `data`: `noticeId`, `orderNo`, `template`, `attempts`; of one that will not be
 * sent any more `failure`. The words are pulled (`GET /api/orders/{orderNo}/notices`).
 */
export type NoticeEventType = 'notice.queued' | 'notice.sent' | 'notice.failed';

export type EventType =
  | OrderEventType
  | WhistleEventType
  | WhistleRoomEventType
  | NoticeEventType
  | DeadlineEventType
  | QueueEventType
  | SeatEventType
  | CallEventType
  | PolicyEventType
  | 'order.readers_changed'
  | 'roster.imported'
  | 'article.published'
  | 'article.retired'
  | 'time.advanced'
  | 'calendar.imported'
  | 'lists.gap_opened'
  | 'lists.gap_joined'
  | 'lists.gap_settled'
  | 'lists.activated'
  | 'identity.rights_changed'
  | 'identity.password_changed'
  | 'identity.key_created'
  | 'identity.key_revoked'
  | 'requester.identity.viewed';

/**
 * One thing that happened, as one room may see it. `at` is the time of occurrence (ms, UTC).
 * `data` of every order event has `orderNo` and `version`; `data.card` says what the event does to the room's cards.
 */
export interface HubEvent {
  id: string;
  type: EventType;
  at: number;
  actor: string;
  data: { orderNo?: string; version?: number; card?: CardChange; [fact: string]: unknown };
}
