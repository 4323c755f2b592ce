import type { QueueId } from './rooms.js';

export type Kind = 'consultation' | 'suggestion' | 'resolution' | 'complaint';
export type Grade = 'urgent' | 'fast' | 'normal';
export type ResponseLevel = 'critical' | 'expedited' | 'routine' | 'disputed';
export type Route = 'simple' | 'coordination' | 'emergency';
export type Visibility = 'public' | 'internal' | 'confidential';

/** CL5: four labels of a request. */
export interface RequestLabels {
  complex: boolean;
  crossArea: boolean;
  pressing: boolean;
  stability: 'personal' | 'group' | 'none';
}

export type OrderStage =
  | 'registered'
  | 'pending_dispatch'
  | 'pending_ack'
  | 'under_arbitration'
  | 'handling'
  | 'suspended'
  | 'pending_review'
  | 'pending_evaluation'
  | 'closed'
  | 'archived'
  | 'answered'
  | 'refused'
  | 'merged'
  | 'withdrawn'
  | 'terminated';

export type AwaitedConfirmation = 'refusal' | 'objection' | 'escalation' | 'extension' | 'suspension';

/** The rule book's clocks, C0 to C15. */
export type ClockName =
  | 'ACCEPT'
  | 'DISPATCH'
  | 'ACK'
  | 'OBJECTION'
  | 'CONTACT_UNIT'
  | 'CONTACT_CITIZEN'
  | 'HANDLING'
  | 'MEETING'
  | 'REPORT_IN'
  | 'TASK'
  | 'ARBITRATION'
  | 'EVALUATION'
  | 'REWORK'
  | 'WARNING_ACK'
  | 'RECTIFICATION'
  | 'MILESTONE'
  | 'ALERT_ACK';

/** `wall`: by the clock, day and night; `day`: natural days; `workday`: by the official calendar. Both end at 24:00. */
export type ClockBasis = 'wall' | 'day' | 'workday';

/** What a clock says as its time runs out, each once, in this order. */
export type ClockSignal = 'amber' | 'overdue' | 'overdue_1wd' | 'overdue_3wd';

/**
 * Where a clock's limit comes from: a policy; the handling standard of the matter; the simple route; the class (kind) of
 * the request; the response level or the emergency route; the unit's own earlier promise; what a meeting decided.
 */
export type LimitSource =
  | 'policy'
  | 'standard_mandatory'
  | 'standard_recommended'
  | 'standard_local'
  | 'route'
  | 'class'
  | 'level'
  | 'promised'
  | 'plan';

/** A clock that runs for an order or a whistle, or that ran out. Times: ms UTC. */
export interface ClockView {
  clockId: string;
  clock: ClockName;
  /** Whose clock it is; `null`: nobody's alone. */
  unitId: string | null;
  /** `met` and `stopped` only of one that was overdue before: done late, or needed no more. */
  state: 'running' | 'paused' | 'met' | 'stopped';
  basis: ClockBasis;
  /** In ms (`wall`) or days (`day`, `workday`). */
  limit: number;
  source: LimitSource;
  startedAt: number;
  /** `null`: it says nothing before it is due. */
  amberAt: number | null;
  /** While it is paused: as it was, before what has been left of it is added to the day on which it goes on. */
  dueAt: number;
  /** A year on the way has no official notice yet, so its due may still move. */
  provisional: boolean;
  pausedAt: number | null;
  pausedFor: 'suspended' | 'review' | null;
  pausedMs: number;
  /** Why the order was put aside meanwhile, a code for each time, oldest first; absent without any. */
  pausedBecause?: string[];
  /** The last one that was said and still holds: `null` again where the due moved later after amber and there is time once more. */
  signal: ClockSignal | null;
  /** Amber was said of an earlier due, and is not said again: from `amberAt` on, by the hub's time, it stands amber all the same. */
  warned?: true;
  endedAt: number | null;
}

/**
 * What consoles see of an order. No names, phones, addresses or free text: those are pulled, masked, over HTTP.
 * Times are milliseconds since 1970 (UTC). A confidential order shows in shared rooms only `StubOrderCard`'s fields, its clocks without their unit.
 */
export interface OrderCard {
  orderNo: string;
  version: number;
  state: OrderStage;
  visibility: Visibility;
  kind: Kind | null;
  grade: Grade;
  responseLevel: ResponseLevel;
  route: Route;
  channel: string;
  catalogCode: string | null;
  areaCode: string | null;
  registeredAt: number;
  acceptedAt: number | null;
  dispatchDueAt: number | null;
  dispatchedAt: number | null;
  leadUnitId: string | null;
  assistUnitIds: string[];
  handlerId: string | null;
  contactedAt: number | null;
  contactAttempts: number;
  /** Since when the requester counts as not to be reached; `null`: they do not. */
  unreachableAt: number | null;
  progressCount: number;
  hops: number;
  awaits: AwaitedConfirmation | null;
  supervision: 'none' | 'urged' | 'routine' | 'special' | 'dual';
  mergedInto: string | null;
  /** What runs for it, and what ran out on who has it; what is due first comes first. */
  clocks: ClockView[];
}

export type StubOrderCard = Pick<
  OrderCard,
  'orderNo' | 'version' | 'state' | 'visibility' | 'grade' | 'dispatchDueAt' | 'awaits' | 'clocks'
>;

export type ItemState = 'queued' | 'offered' | 'claimed';

/** What a piece of work asks of whoever does it, or what a person can: `field:{code}`, `dialect:{code}`, `emergency`; level 1 to 5. */
export interface SkillLevel {
  skill: string;
  level: number;
}

/**
 * A piece of work in a live queue. `seatId` and `offerEndsAt` are set while it is offered or claimed.
 * `orderNo` is `null` only for a call-back of a call that never became an order.
 */
export interface QueueItemCard {
  itemId: string;
  queueId: QueueId;
  orderNo: string | null;
  /** Set in the call-back queue alone. */
  callbackId: string | null;
  state: ItemState;
  critical: boolean;
  dueAt: number | null;
  /** From when on it shows amber, by the hub's time: when the order's clock that it waits by warns; `null` or absent: never. */
  amberAt?: number | null;
  /** From when on that clock is told late; `null` or absent: from `dueAt`. */
  overdueAt?: number | null;
  queuedAt: number;
  seatId: string | null;
  offerEndsAt: number | null;
  kind: Kind | null;
  grade: Grade;
  catalogCode: string | null;
  areaCode: string | null;
  visibility: Visibility;
  /** What it asks for when it comes in; asked for less as it waits. */
  needs: SkillLevel[];
  /** A seat gave it up: it goes before its equals. */
  atHead: boolean;
}

export type StubQueueItemCard = Omit<QueueItemCard, 'kind' | 'catalogCode' | 'areaCode' | 'needs'>;

export type Presence = 'offline' | 'ready' | 'busy' | 'wrap_up' | 'break' | 'training';

export interface SeatCard {
  seatId: string;
  userId: string;
  presence: Presence;
  presenceSince: number;
  /** When this presence ends by itself (wrap-up) or has lasted too long (break); `null`: no limit. */
  presenceUntil: number | null;
  /** Since when its user has been signed on there; `null` while nobody is. */
  signedOnAt: number | null;
  /** The shift that is being worked there; `null` without a roster. */
  shiftId: string | null;
  /** When that shift, or the time stayed on after it, ends. */
  shiftEndsAt: number | null;
  /** While in training: the seat it listens to. */
  listensTo: string | null;
}

/** A telephone call at a seat; in the seat's room while it lasts. Who calls is pulled over HTTP. */
export interface CallCard {
  callId: string;
  seatId: string;
  state: 'offered' | 'answered';
  offeredAt: number;
  answeredAt: number | null;
}

/** Somebody is to be called back: a promise, or a call that nobody answered. */
export interface CallbackCard {
  callbackId: string;
  cause: 'promised' | 'missed_call';
  orderNo: string | null;
  callId: string | null;
  /** When it is to be made; it waits in the queue from then on. */
  dueAt: number;
  attempts: number;
  state: 'scheduled' | 'queued';
}

/** A matter for which the duty list has no (right) answer; its owner must settle it. */
export interface ListGapCard {
  gapId: string;
  /** The first order that met it; `null`, as are the codes below, while only confidential ones did. */
  orderNo: string | null;
  /** How many orders met it. */
  orderCount: number;
  catalogCode: string | null;
  areaCode: string | null;
  cause: 'no_duty_rule' | 'objection_upheld';
  openedAt: number;
}

export type PolicyValue = number | string;

/** A policy as it stands: a number or choice of the rule book that the city may tune. Times are ms UTC. */
export interface PolicyCard {
  key: string;
  value: PolicyValue;
  /** `ms`, `s`, `min`, `h`, `day`, `workday`, `count`, `ratio`, `bytes` or `choice`. */
  unit: string;
  /** What a new city starts with, in the unit of the file. */
  default: PolicyValue;
  defaultUnit: string;
  /** The clause of `docs/rules.md` that it tunes. */
  clause: string;
  /** The version of the whole policy under which this value came into force, and since when it holds. */
  version: number;
  since: number;
  /** Values that come into force by themselves, the next one first. */
  planned: { changeId: string; value: PolicyValue; unit: string; effectiveAt: number }[];
}
