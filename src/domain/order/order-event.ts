import type {
  AwaitedConfirmation,
  CitedArticle,
  ClockBasis,
  CommandPayload,
  DispatchSuggestion,
  Grade,
  Kind,
  OrderEventType,
  RequestLabels,
  ResponseLevel,
  Route,
  Visibility,
} from '@minqing-hub/client-sdk/protocol';
import type { DispatchMode, Supervision, UnitRequest } from './order.js';

/** What an order begins with [T1]. */
export interface Registration {
  requestNo: string;
  visibility: Visibility;
  kind: Kind | null;
  grade: Grade;
  responseLevel: ResponseLevel;
  route: Route;
  labels: RequestLabels;
  channel: string;
  catalogCode: string | null;
  areaCode: string | null;
  hasPlace: boolean;
  hasContact: boolean;
  hasText: boolean;
  /** Of the plan of skills; absent: none that anybody would have to speak. */
  dialect?: string;
}

/** Why the duty list alone could not place an order. Only `no_duty_rule` is a gap of the list. */
export type DeferralCause =
  'not_classified' | 'no_duty_rule' | 'confidence_below_gate' | 'unit_unavailable' | 'hub_failed';

interface Contact {
  unitId: string;
  /** It ends the unit's contact clock: reached for the first time, or not to be reached [A4]. */
  meets?: true;
  channel: CommandPayload<'recordContact'>['channel'];
  /** It took the order on with it [T8]. */
  acknowledged: boolean;
  /** ms UTC; the event's own time is that of the contact. */
  recordedAt: number;
}

/** `extra`: in the basis of the handling limit, ms by the clock, else days. */
interface ExtensionAsked {
  unitId: string;
  extra: number;
}

/** `until`: 24:00 of the last day, ms UTC. */
interface SuspensionAsked {
  unitId: string;
  reasonCode: string;
  until: number;
}

/** Event type → its facts. Codes and references only: what people wrote lies in notes that name the event. */
export interface OrderEventFacts {
  'order.registered': Registration;
  'order.answered': {
    ground: 'knowledge' | 'on_the_spot';
    /** Of an article with its version: `articleId@version`. */
    knowledgeRef: string | null;
    article?: CitedArticle;
  };
  'order.refusal_proposed': { reasonCode: string };
  'order.refused': { reasonCode: string; proposedBy: string };
  'order.accepted': {
    kind: Kind;
    grade: Grade;
    responseLevel: ResponseLevel;
    route: Route;
    labels: RequestLabels;
    catalogCode: string | null;
    areaCode: string | null;
    noPlace: boolean;
    visibility: Visibility;
    dispatchDueAt: number;
  };
  /** `saidAgain`: the person of the primary asked once more, and what they said stands with it [DU1]. */
  'order.merged': { primaryOrderNo: string; saidAgain?: true };
  'order.merge_received': { mergedOrderNo: string; saidAgain?: true };
  'order.dispatch_deferred': {
    cause: DeferralCause;
    catalogCode: string | null;
    areaCode: string | null;
    suggestion: DispatchSuggestion | null;
    listVersions: Record<string, number>;
  };
  'order.dispatched': {
    unitId: string;
    assistUnitIds: string[];
    mode: DispatchMode;
    round: number;
    decision: DispatchSuggestion | null;
    listVersions: Record<string, number>;
  };
  'order.acknowledged': { unitId: string };
  'order.objection_proposed': { unitId: string; proposedUnitId: string; reasonCode: string };
  'order.objected': { unitId: string; proposedUnitId: string; reasonCode: string; raisedBy: string };
  'order.objection_upheld': {
    unitId: string;
    nextUnitId: string | null;
    catalogCode: string | null;
    areaCode: string | null;
    dispatchDueAt: number;
  };
  'order.force_assigned': {
    unitId: string;
    basis: 'overruled' | 'first_receiver' | 'fallback';
    listVersions: Record<string, number>;
  };
  'order.contacted': Contact;
  /** `counted`: it is one of the attempts that make somebody unreachable; `unreachable`: with it they are. [A4] */
  'order.contact_failed': Contact & {
    outcome: 'no_answer' | 'refused' | 'wrong_number';
    counted?: true;
    unreachable?: true;
  };
  'order.auto_acknowledged': { unitId: string };
  /** `dueAt`: 24:00 of the promised day. */
  'order.due_promised': { unitId: string; dueAt: number };
  /** `basis`: of the handling limit then; absent: asked before it was kept. */
  'order.extension_requested': ExtensionAsked & { basis?: ClockBasis };
  'order.extension_endorsed': object;
  'order.extended': ExtensionAsked & { requestedBy: string; endorsedBy: string };
  'order.suspension_requested': SuspensionAsked;
  'order.suspension_endorsed': object;
  'order.suspended': SuspensionAsked & { requestedBy: string; endorsedBy: string };
  'order.request_cancelled': { what: UnitRequest['awaits']; requestedBy: string };
  /** `byClock`: the time that it was suspended for has run out. */
  'order.resumed': { byClock: boolean };
  'order.progressed': { public: boolean };
  'order.handler_changed': { handlerId: string };
  'order.escalation_proposed': { unitId: string; toUnitId: string };
  'order.level_escalated': { unitId: string; toUnitId: string; listVersions: Record<string, number> };
  'order.proposal_declined': { what: AwaitedConfirmation; proposedBy: string };
  'order.citizen_asked': object;
  'order.citizen_replied': object;
  'order.urged': { supervision: Supervision };
  'supervision.opened': { kind: 'routine' | 'special' | 'dual'; supervision: Supervision };
}

/** One thing that happened to an order. `at`: when it happened, ms UTC; `actorId`: who did it. */
export type OrderEvent<T extends OrderEventType = OrderEventType> = {
  [U in T]: { type: U; orderNo: string; version: number; at: number; actorId: string; facts: OrderEventFacts[U] };
}[T];

/** Told about an order without changing its version: what the hub noted, and what supervision does beside it. */
const KEEPS_VERSION: readonly OrderEventType[] = ['order.dispatch_deferred', 'supervision.opened'];

export const movesVersion = (type: OrderEventType): boolean => !KEEPS_VERSION.includes(type);
