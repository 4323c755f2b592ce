import type {
  AwaitedConfirmation,
  CitedArticle,
  ClockBasis,
  DispatchSuggestion,
  Grade,
  Kind,
  OrderCard,
  OrderStage,
  RequestLabels,
  ResponseLevel,
  Route,
  Visibility,
} from '@minqing-hub/client-sdk/protocol';

/**
 * How a unit came to have the order: by the duty list alone, by a dispatcher's hand, by an arbiter's word,
 * down inside a unit [T35], up to the next level [T33].
 */
export type DispatchMode = 'auto' | 'manual' | 'ruling' | 'down' | 'escalated';

/** One order → one unit. Ended when the unit is no longer in charge; never removed. Times: ms UTC. */
export interface Assignment {
  unitId: string;
  role: 'lead' | 'assist';
  mode: DispatchMode;
  at: number;
  /** What the duty list said when it named this unit; `null`: people chose without it, or against it. */
  decision: DispatchSuggestion | null;
  /** The lists in force then: the order keeps them [LI5]. */
  listVersions: Record<string, number>;
  acknowledgedAt: number | null;
  /** [T13] Nobody did: the time for it ran out. */
  acknowledgedByClock?: true;
  endedAt: number | null;
  /** When its contact clock was met: the requester reached, or found unreachable [A4]; absent until then, and anew in a rework. */
  contactMetAt?: number;
}

/** A unit's "not mine" [T9]. Its basis in words is a note. */
export interface Objection {
  unitId: string;
  proposedUnitId: string;
  reasonCode: string;
  /** User id of who raised it. */
  by: string;
  at: number;
  outcome: 'open' | 'upheld' | 'overruled' | 'first_receiver' | 'fallback';
}

/** Something proposed by one person that only another may carry out. `basis`: of `extra`; absent: asked before it was kept. */
export type Proposal =
  | { awaits: 'refusal'; by: string; at: number; reasonCode: string }
  | { awaits: 'objection'; by: string; at: number; unitId: string; proposedUnitId: string; reasonCode: string }
  | { awaits: 'escalation'; by: string; at: number; unitId: string; toUnitId: string }
  | ({ awaits: 'extension'; extra: number; basis?: ClockBasis } & TwoLevels)
  | ({ awaits: 'suspension'; reasonCode: string; until: number } & TwoLevels);

export type UnitRequest = Extract<Proposal, TwoLevels>;

/** [T17] [T18] The unit's deputy leader endorses, then the desk approves. */
interface TwoLevels {
  by: string;
  at: number;
  unitId: string;
  endorsedBy: string | null;
  endorsedAt: number | null;
}

/** [A4] An attempt at contact that counts. */
export interface FailedContact {
  unitId: string;
  channel: string;
  at: number;
}

/** [T18] Nothing can be done before `until`, ms UTC. */
export interface Suspension {
  reasonCode: string;
  until: number;
  at: number;
  resumedAt: number | null;
}

export type Supervision = OrderCard['supervision'];

/**
 * The work order without anything personal: names, phones, addresses, titles and texts lie elsewhere.
 * Times are ms UTC. `evolve` over its events gives exactly this.
 */
export interface Order {
  orderNo: string;
  requestNo: string;
  version: number;
  state: OrderStage;
  visibility: Visibility;
  kind: Kind | null;
  grade: Grade;
  responseLevel: ResponseLevel;
  route: Route;
  labels: RequestLabels;
  channel: string;
  catalogCode: string | null;
  areaCode: string | null;
  /** The request says where, if only in words or coordinates. */
  hasPlace: boolean;
  /** Somebody looked, and the matter has no place. */
  noPlace: boolean;
  /** There is somebody to answer: the requester, or who filed it for them [IN16]. */
  hasContact: boolean;
  hasText: boolean;
  /** What the requester speaks, a code of the plan of skills; absent: nothing that asks for anybody. */
  dialect?: string;
  /** User id of who took it down. */
  registeredBy: string;
  registeredAt: number;
  acceptedAt: number | null;
  dispatchDueAt: number | null;
  /** 1 from acceptance; one more after each upheld objection [T10]. */
  dispatchRound: number;
  /** The duty list alone could not place it: a dispatcher must [DI1]. */
  needsDispatcher: boolean;
  /** First dispatch. */
  dispatchedAt: number | null;
  assignments: Assignment[];
  firstReceiverUnitId: string | null;
  /** Leads so far, in order of first arrival [IN8]. */
  visitedUnitIds: string[];
  /** Times that another unit took over as lead [OB4]. */
  hops: number;
  objections: Objection[];
  /** A ruling sent it where it is: no more objections [T11]. */
  objectionBarred: boolean;
  /** Named by an arbiter as the next unit [T10]. */
  suggestedUnitId: string | null;
  proposal: Proposal | null;
  handlerId: string | null;
  /** First contact that reached the requester. */
  contactedAt: number | null;
  contactAttempts: number;
  progressCount: number;
  supervision: Supervision;
  mergedInto: string | null;
  /** Orders that were merged into this one. */
  mergedFrom: number;
  /** [A4] Attempts that failed, of the units that have had it; absent without one. */
  failedContacts?: FailedContact[];
  /** [A4] */
  unreachableAt?: number;
  /** The unit's earlier promise, ms UTC; absent or `null` without one. */
  promisedDueAt?: number | null;
  /** [T17] What was added to the handling limit, in its basis; absent without any. */
  extensions?: { extra: number; at: number }[];
  /** [T18] Each, oldest first; absent without any. */
  suspensions?: Suspension[];
  /** Rounds of rework so far [C11]; absent without any. */
  reworkRound?: number;
  /** The article that its answer cites [KB5]; absent without one. */
  citedArticle?: CitedArticle;
}

export const isCurrent = (assignment: Assignment): boolean => assignment.endedAt === null;

/** The unit that answers the citizen now, if any has the order. */
export function leadOf(order: Order): Assignment | undefined {
  return order.assignments.find((assignment) => assignment.role === 'lead' && isCurrent(assignment));
}

export function assistUnitIds(order: Order): string[] {
  return order.assignments.filter((a) => a.role === 'assist' && isCurrent(a)).map((a) => a.unitId);
}

/** The last time that the desk or an arbiter gave it to a unit: that one stays answerable for what it hands down [T35]. */
export function answerable(order: Order): Assignment | undefined {
  return order.assignments.findLast((a) => a.role === 'lead' && a.mode !== 'down');
}

export function openObjection(order: Order): Objection | undefined {
  return order.objections.find((objection) => objection.outcome === 'open');
}

/** [T18] The one that the order is suspended by, if it is. */
export const suspensionOf = (order: Order): Suspension | undefined =>
  order.suspensions?.find(({ resumedAt }) => resumedAt === null);

/** [T17] [T18] What a unit asks for in two steps, if it does. */
/** [T9] Not in an emergency, and not against a ruling. */
export const mayObject = ({ route, objectionBarred }: Order): boolean => route !== 'emergency' && !objectionBarred;

export const unitRequestOf = ({ proposal }: Order): UnitRequest | undefined =>
  proposal && 'endorsedBy' in proposal ? proposal : undefined;

export const awaits = (order: Order): AwaitedConfirmation | null => order.proposal?.awaits ?? null;
