import type {
  ClockBasis,
  Grade,
  Kind,
  OrderCard,
  PolicyCard,
  PolicyValue,
  RequestLabels,
  ResponseLevel,
  Route,
  Visibility,
} from './cards.js';
import type { HubError } from './errors.js';
import type { HubEvent } from './events.js';
import type { CitedArticle } from './knowledge.js';

export type Role =
  | 'agent'
  | 'shift_leader'
  | 'dispatcher'
  | 'arbiter'
  | 'list_admin'
  | 'unit_clerk'
  | 'handler'
  | 'deputy_leader'
  | 'principal_leader'
  | 'street_officer'
  | 'grid_worker'
  | 'follow_up_agent'
  | 'assessor'
  | 'supervisor'
  | 'petition_officer'
  | 'district_leader'
  | 'auditor'
  | 'policy_admin'
  | 'legal_reviewer'
  | 'political_legal_officer'
  | 'village_worker'
  | 'party_member'
  | 'channel_adapter'
  | 'system';

export interface Actor {
  userId: string;
  name: string;
  roles: Role[];
  unitId: string | null;
  seatId?: string;
}

export interface LoginCall {
  username: string;
  password: string;
}
/** `expiresAt`: ms, UTC. */
export interface Session {
  token: string;
  expiresAt: number;
  actor: Actor;
}

/** `crs`: coordinates without one are WGS84. */
export interface Place {
  areaCode?: string;
  address?: string;
  lat?: number;
  lng?: number;
  crs?: 'WGS84' | 'GCJ02' | 'BD09' | 'CGCS2000';
}
export interface Requester {
  name?: string;
  phone?: string;
  idNumber?: string;
}

/** Times are ISO 8601 with an offset. */
export interface IntakeRequest {
  source: string;
  sourceId: string;
  channel: string;
  title: string;
  text: string;
  kind?: Kind;
  grade?: Grade;
  responseLevel?: ResponseLevel;
  route?: Route;
  labels?: Partial<RequestLabels>;
  catalogCode?: string;
  occurredAt?: string;
  collectedAt?: string;
  filedBy?: string;
  requester?: Requester;
  place?: Place;
  visibility?: Visibility;
  /** The dialect or language that the requester speaks, a code of `config/skills.json`. */
  dialect?: string;
}
export interface IntakeReceipt {
  requestNo: string;
  orderNo: string;
  receiptCode: string;
  duplicate: boolean;
}
/** One per input line of a batch. */
export type BatchLine = { line: number } & (IntakeReceipt | { error: HubError });

export interface OrderPage {
  items: OrderSummary[];
  next: string | null;
  /** Exact up to 10,000; beyond that `totalAtLeast` is given instead. */
  total?: number;
  totalAtLeast?: number;
}
export interface OrderSummary extends OrderCard {
  requestNo: string;
  /** `null` for who may not see it (confidential). */
  title: string | null;
}

/** Why the hub suggests (or chose) a unit, with what it decided on. */
export interface DispatchSuggestion {
  unitId: string;
  assistUnitIds: string[];
  source: 'duty_rule' | 'ruling' | 'fallback_unit';
  ruleId: string | null;
  confidence: number;
  listVersions: Record<string, number>;
  legalBasis: string | null;
  /** One sentence, Chinese. */
  sentence: string;
}

export interface OrderNote {
  at: number;
  /** User id; to who only filed the order: the unit, or the role of a colleague of the centre. */
  actor: string;
  type: string;
  text: string;
  public: boolean;
}

/** How the order's matter is to be dealt with by its unit, and by when, as the list says that it is kept under. */
export interface OrderStandard {
  /** Of which version of the list. */
  listVersion: number;
  /** Where it comes from: the order's matter or a wider one, and whose own it is (`null`: everybody's). */
  catalogCode: string;
  areaCode: string | null;
  unitId: string | null;
  bindingness: 'mandatory' | 'recommended' | 'local';
  procedureType: 'simple' | 'standard' | 'special';
  limit: number;
  /** `days`: natural days; `workdays`: by the official calendar. Never converted into one another. */
  limitBasis: 'hours' | 'days' | 'workdays';
  text: string | null;
  closingRequirements: string | null;
}

/** `requester` and `address` are masked; `viewRequester` unmasks, for a purpose. */
export interface OrderDetail extends OrderSummary {
  text: string | null;
  source: string;
  sourceId: string;
  filedBy: string | null;
  occurredAt: number | null;
  collectedAt: number | null;
  requester: Requester | null;
  address: string | null;
  labels: RequestLabels | null;
  suggestion: DispatchSuggestion | null;
  decision: DispatchSuggestion | null;
  objection: {
    unitId: string;
    proposedUnitId: string;
    reasonCode: string;
    basis: string;
    at: number;
    confirmed: boolean;
  } | null;
  /** What a unit asks the desk to move up [T33], until the desk has said so. */
  escalation: { unitId: string; toUnitId: string; reason: string; at: number } | null;
  /** More time that a unit asks for [T17], until somebody has decided. `extra`: in `basis`, ms or days; `endorsed`: its own leader agrees, the desk has the next word. */
  extension: {
    unitId: string;
    extra: number;
    basis: ClockBasis;
    reason: string;
    at: number;
    endorsed: boolean;
  } | null;
  /** That a unit asks to put it aside, or has [T18]. `until`: 24:00 of the last day; `since`: `null` while it is only asked for. */
  suspension: {
    unitId: string;
    reasonCode: string;
    until: number;
    reason: string;
    at: number;
    endorsed: boolean;
    since: number | null;
  } | null;
  /** The article that its direct answer cites; `null` also when the answer names another ground. */
  citedArticle: CitedArticle | null;
  /** `null`: the list of standards has none for the matter. */
  standard: OrderStandard | null;
  notes: OrderNote[];
  visitedUnitIds: string[];
}

/** Why a requester is told something: their order was accepted, given to a unit, extended, put aside, taken up again. */
export type NoticeTemplate = 'accepted' | 'dispatched' | 'extended' | 'suspended' | 'resumed';

/** What the requester of an order was told, or is to be. Times: ms UTC. */
export interface CitizenNotice {
  noticeId: string;
  template: NoticeTemplate;
  /** As it is sent. */
  text: string;
  createdAt: number;
  /** `queued` also while the hub has no way to send it. */
  state: 'queued' | 'sent' | 'failed';
  attempts: number;
  sentAt: number | null;
  /** Nobody to send it to; refused or not answered by the gateway; too old by the time that there was one. */
  failure: 'no_address' | 'refused' | 'unanswered' | 'expired' | null;
}

export interface TrailEntry extends HubEvent {
  seq: number;
  recordedAt: number;
}

export interface CallerHistory {
  caller: OrderSummary[];
  neighbourhood: OrderSummary[];
}

export interface UnitRow {
  unitId: string;
  name: string;
  type: string;
  level: string;
  parentId: string | null;
  areaCode: string | null;
  areaType: string | null;
  active: boolean;
}
/** Somebody who may be named as the one who does the work. */
export interface UnitPerson {
  userId: string;
  name: string;
}
export interface CatalogueRow {
  code: string;
  name: string;
  parentCode: string | null;
  publishable: boolean;
  active: boolean;
}

/** A policy as its card shows it, with what it means and what it may be. */
export interface PolicyDetail extends PolicyCard {
  /** One sentence, Chinese. */
  sentence: string;
  form:
    | { kind: 'number'; min: number; max: number; whole: boolean }
    /** How long something may take: its unit is decided, too, and says by what it is counted and how much it is at `most`. */
    | { kind: 'limit'; min: number; max: number; units: string[]; most: Record<string, number> }
    | { kind: 'choice'; options: string[] };
}
/** One value that a policy had, has, was to have or is to have. Times are ms UTC. */
export interface PolicyHistoryEntry {
  /** `null`: it came with the file of a start. */
  changeId: string | null;
  state: 'planned' | 'withdrawn' | 'in_force' | 'past';
  value: PolicyValue;
  unit: string;
  /** What it was before; `null` for the first, and for what never came into force. */
  before: { value: PolicyValue; unit: string } | null;
  version: number | null;
  effectiveAt: number;
  /** Who set it, when and why: user id; the hub itself is `system`. */
  setBy: string;
  setAt: number;
  reason: string | null;
  recalculate: boolean;
  withdrawn: { by: string; at: number; reason: string } | null;
}

/** RFC 9457; `code` from `ErrorCode`. */
export interface Problem extends HubError {
  type: string;
  title: string;
  status: number;
}

/** What does not work at this node. */
export interface Trouble {
  /** Stable: `database.read`, `database.write`, `log.lag`, `log.unplaced`, `reactions.late`, `alarms.redis`, `wakeUp.redis`, `clocks.late`, `disk.space`, `time.jumped`, `time.apart`. */
  part: string;
  /** `failing`: the node is unfit to serve; `degraded`: it serves all the same. */
  effect: 'failing' | 'degraded';
  /** What is wrong and what to do, for who looks after the hub. */
  sentence: string;
  /** By the machine's time, ms UTC. */
  since: number;
  seconds: number;
}

export interface Readiness {
  status: 'ready' | 'failing';
  /** The parts that do not work, by name. */
  failing: string[];
  /** The parts that do not work and that the hub can do without (`alarms.redis`), by name. It is ready all the same. */
  degraded: string[];
  /** How many events a reaction could not follow up and left to a person, by its name. The hub serves all the same. */
  setAside: Record<string, number>;
  /** Each of `failing` and `degraded` in words, and since when. */
  troubles: Trouble[];
}

export interface ImportReport {
  list: string;
  /** What the file became, or (`unchanged`) was already; `null` when it was refused, and for users and rosters. */
  version: number | null;
  status: 'activated' | 'scheduled' | 'unchanged' | 'refused';
  rows: number;
  errors: { line: number; column: string; reason: string }[];
}
